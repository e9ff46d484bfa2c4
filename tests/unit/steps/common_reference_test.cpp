#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <weir/steps/common_reference.hpp>

namespace weir::steps {
namespace {

constexpr std::size_t samples = 700;
constexpr std::size_t stride = 731;

template <class S>
std::vector<S> noise(std::size_t rows) {
  std::mt19937 random(11);
  std::uniform_int_distribution<int> values(-30000, 30000);
  std::vector<S> all(rows * stride);
  for (S& one : all) one = static_cast<S>(values(random));
  return all;
}

std::vector<double> column(const std::vector<std::int16_t>& all, std::size_t rows, std::size_t sample) {
  std::vector<double> values(rows);
  for (std::size_t row = 0; row < rows; ++row) values[row] = all[row * stride + sample];
  return values;
}

template <class S>
std::vector<double> reference_of(const reference& which, const std::vector<S>& all,
                                 const std::vector<row_line>& lines, double time = 0) {
  std::vector<double> made(samples);
  common_reference compute(which, lines);
  compute(row_block<S>{all.data(), stride}, time, std::span(made));
  return made;
}

class rows_of : public testing::TestWithParam<std::size_t> {};

TEST_P(rows_of, the_median_is_the_middle_of_the_sorted_values) {
  const std::size_t rows = GetParam();
  const auto all = noise<std::int16_t>(rows);
  const auto made = reference_of({.kind = reference_kind::median}, all, std::vector<row_line>(rows));
  for (std::size_t i = 0; i < samples; ++i) {
    std::vector<double> values = column(all, rows, i);
    std::ranges::sort(values);
    ASSERT_EQ(made[i], (values[(rows - 1) / 2] + values[rows / 2]) / 2) << i;
  }
}

TEST_P(rows_of, the_mean_is_that_of_a_long_double_sum) {
  const std::size_t rows = GetParam();
  const auto all = noise<std::int16_t>(rows);
  const auto made = reference_of({.kind = reference_kind::mean}, all, std::vector<row_line>(rows));
  for (std::size_t i = 0; i < samples; ++i) {
    long double sum = 0;
    for (const double value : column(all, rows, i)) sum += value;
    ASSERT_NEAR(made[i], static_cast<double>(sum / static_cast<long double>(rows)), 1e-10) << i;
  }
}

TEST_P(rows_of, a_stretch_has_the_bits_that_it_has_within_a_longer_one) {
  const std::size_t rows = GetParam();
  const auto all = noise<std::int16_t>(rows);
  const std::vector<row_line> lines(rows, row_line{.gain = 0.1, .level = 3.7, .slope = 1e-3, .shift = 2});
  for (const reference_kind kind : {reference_kind::median, reference_kind::mean, reference_kind::row}) {
    const reference which{.kind = kind, .row = rows - 1};
    const auto whole = reference_of(which, all, lines, -20.5);
    common_reference compute(which, lines);
    for (const auto& [begin, count] : {std::pair<std::size_t, std::size_t>{0, 1}, {13, 257}, {699, 1}}) {
      std::vector<double> part(count);
      compute(row_block<std::int16_t>{all.data() + begin, stride}, -20.5 + static_cast<double>(begin),
              std::span(part));
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(part[i], whole[begin + i]) << begin << '+' << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(few_and_many, rows_of, testing::Values(1, 2, 3, 8, 17, 64, 385));

TEST(common_reference, a_row_is_that_row_as_its_line_turns_it) {
  const auto all = noise<float>(5);
  std::vector<row_line> lines(5);
  lines[2] = {.gain = 2, .level = 10, .slope = 0.5, .shift = -1};
  const auto made = reference_of({.kind = reference_kind::row, .row = 2}, all, lines, 8);
  for (std::size_t i = 0; i < samples; ++i) {
    const double x = static_cast<double>(all[2 * stride + i]);
    ASSERT_NEAR(made[i], 2 * (x - 10 - 0.5 * (8 + static_cast<double>(i))) - 1, 1e-9);
  }
}

TEST(common_reference, a_sample_that_is_nan_in_any_row_has_no_other) {
  for (const reference_kind kind : {reference_kind::median, reference_kind::mean}) {
    auto all = noise<double>(6);
    all[4 * stride + 100] = std::numeric_limits<double>::quiet_NaN();
    const auto made = reference_of({.kind = kind}, all, std::vector<row_line>(6));
    for (std::size_t i = 0; i < samples; ++i) ASSERT_EQ(std::isnan(made[i]), i == 100) << i;
  }
}

}  // namespace
}  // namespace weir::steps
