#include <cstddef>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <weir/steps/trend.hpp>

namespace weir::steps {
namespace {

moments all_of(const std::vector<double>& row) {
  return moments_of(std::span<const double>(row), first_time(row.size()));
}

/// The line of least squares by its two normal equations, with times from 0 on.
struct plain_line {
  long double at_begin;
  long double slope;
};

plain_line least_squares(const std::vector<double>& row) {
  long double n = 0, t = 0, tt = 0, x = 0, tx = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto time = static_cast<long double>(i);
    n += 1, t += time, tt += time * time, x += row[i], tx += time * row[i];
  }
  const long double slope = row.size() == 1 ? 0 : (n * tx - t * x) / (n * tt - t * t);
  return {(x - slope * t) / n, slope};
}

TEST(trend, is_the_line_of_least_squares) {
  std::mt19937 random(3);
  std::normal_distribution<double> noise(40, 3);
  for (const std::size_t length : {2, 3, 10, 4097, 20'001}) {
    std::vector<double> row(length);
    for (std::size_t i = 0; i < length; ++i) row[i] = noise(random) + 0.01 * static_cast<double>(i);
    const trend got = fit(trend_kind::linear, all_of(row), length);
    const plain_line exact = least_squares(row);
    EXPECT_NEAR(got.slope, static_cast<double>(exact.slope), 1e-10) << length;
    const long double middle = exact.at_begin + exact.slope * static_cast<long double>(length - 1) / 2;
    EXPECT_NEAR(got.level, static_cast<double>(middle), 1e-9) << length;
  }
}

TEST(trend, that_is_constant_is_the_mean) {
  const std::vector<double> row{1, 2, 3, 10};
  EXPECT_EQ(fit(trend_kind::constant, all_of(row), row.size()), (trend{.level = 4, .slope = 0}));
}

TEST(trend, of_one_sample_is_level) {
  const std::vector<double> row{5};
  EXPECT_EQ(fit(trend_kind::linear, all_of(row), 1), (trend{.level = 5, .slope = 0}));
}

}  // namespace
}  // namespace weir::steps
