#include <algorithm>
#include <cmath>
#include <tuple>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/fir/boundary.hpp>

#include "oracle.hpp"

namespace weir::fir {
namespace {

constexpr boundary_mode every_mode[] = {boundary_mode::reflect,  boundary_mode::mirror,
                                        boundary_mode::nearest,  boundary_mode::wrap,
                                        boundary_mode::constant, boundary_mode::odd};

std::vector<double> extended(const boundary& edge, const std::vector<double>& row, std::ptrdiff_t first,
                             std::size_t count) {
  std::vector<double> out(count);
  extend<double, double>(edge, row.size(), {row.data(), 0, row.size()}, first, out);
  return out;
}

TEST(boundary, drawings_of_the_documentation) {
  const std::vector<double> row{1, 2, 3, 4};
  using row_of = std::vector<double>;
  EXPECT_EQ(extended({boundary_mode::reflect}, row, -4, 12), (row_of{4, 3, 2, 1, 1, 2, 3, 4, 4, 3, 2, 1}));
  EXPECT_EQ(extended({boundary_mode::mirror}, row, -3, 10), (row_of{4, 3, 2, 1, 2, 3, 4, 3, 2, 1}));
  EXPECT_EQ(extended({boundary_mode::nearest}, row, -2, 8), (row_of{1, 1, 1, 2, 3, 4, 4, 4}));
  EXPECT_EQ(extended({boundary_mode::wrap}, row, -4, 12), (row_of{1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}));
  EXPECT_EQ(extended({boundary_mode::constant, 9}, row, -1, 6), (row_of{9, 1, 2, 3, 4, 9}));
  EXPECT_EQ(extended({boundary_mode::odd}, row, -3, 10), (row_of{-2, -1, 0, 1, 2, 3, 4, 5, 6, 7}));
}

class every_mode_and_length : public testing::TestWithParam<std::tuple<boundary_mode, std::size_t>> {};

TEST_P(every_mode_and_length, far_beyond_both_ends_as_a_walk_says) {
  const auto [mode, length] = GetParam();
  const boundary edge{mode, 0.25};
  // Integers, so that the walk and the closed form have no rounding to differ by.
  std::vector<double> row = oracle::random_row<double>(length, 7);
  for (double& x : row) x = std::round(x * 1000);
  const std::ptrdiff_t reach = 70;
  const std::vector<double> out = extended(edge, row, -reach, length + 2 * reach);
  for (std::size_t j = 0; j < out.size(); ++j) {
    const std::ptrdiff_t position = static_cast<std::ptrdiff_t>(j) - reach;
    ASSERT_EQ(out[j], static_cast<double>(oracle::extended(edge, oracle::exact(row), position))) << position;
  }
}

TEST_P(every_mode_and_length, needs_only_the_samples_near_the_end) {
  const auto [mode, length] = GetParam();
  const boundary edge{mode, 0.25};
  const std::vector<double> row = oracle::random_row<double>(length, 8);
  for (std::size_t reach = 1; reach <= 2 * length + 3; ++reach) {
    const std::size_t at_hand = std::min(reach + 1, length);
    std::vector<double> left(reach);
    if (mode == boundary_mode::wrap && at_hand < length) {
      EXPECT_THROW((extend<double, double>(edge, length, {row.data(), 0, at_hand}, -1, left)), error);
      continue;
    }
    extend<double, double>(edge, length, {row.data(), 0, at_hand}, -static_cast<std::ptrdiff_t>(reach), left);
    EXPECT_EQ(left, extended(edge, row, -static_cast<std::ptrdiff_t>(reach), reach));
    const auto first = static_cast<std::ptrdiff_t>(length - at_hand);
    std::vector<double> right(reach);
    extend<double, double>(edge, length, {row.data() + first, first, at_hand},
                           static_cast<std::ptrdiff_t>(length), right);
    EXPECT_EQ(right, extended(edge, row, static_cast<std::ptrdiff_t>(length), reach));
  }
}

INSTANTIATE_TEST_SUITE_P(boundary, every_mode_and_length,
                         testing::Combine(testing::ValuesIn(every_mode), testing::Values(1, 2, 3, 5, 33)));

TEST(boundary, wrap_takes_positions_that_are_at_hand_as_they_are) {
  // Of a row of 100 only its last two and its first three samples are here, as one span.
  const std::vector<double> ends{98, 99, 0, 1, 2};
  std::vector<double> out(5);
  extend<double, double>({boundary_mode::wrap}, 100, {ends.data(), -2, ends.size()}, -2, out);
  EXPECT_EQ(out, ends);
}

TEST(boundary, a_sample_that_is_missing_is_an_error) {
  const std::vector<double> row{1, 2, 3};
  std::vector<double> out(3);
  const known_samples<double> known{row.data(), 0, 3};
  EXPECT_THROW((extend<double, double>({boundary_mode::wrap}, 100, known, -3, out)), error);
  EXPECT_THROW((extend<double, double>({boundary_mode::odd}, 100, known, -3, out)), error);
  EXPECT_NO_THROW((extend<double, double>({boundary_mode::reflect}, 100, known, -3, out)));
  EXPECT_THROW((extend<double, double>({boundary_mode::reflect}, 0, known, 0, out)), error);
}

TEST(boundary, integers_are_converted_before_they_are_reflected) {
  const std::vector<std::int16_t> row{-32768, 32767};
  std::vector<double> out(1);
  extend<std::int16_t, double>({boundary_mode::odd}, 2, {row.data(), 0, 2}, -1, out);
  EXPECT_EQ(out[0], 2.0 * -32768 - 32767);
}

}  // namespace
}  // namespace weir::fir
