#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include <weir/steps/row_line.hpp>

namespace weir::steps {
namespace {

constexpr row_line line{.gain = 0.25, .level = 7, .slope = 0.125, .shift = -3};

TEST(row_line, prepares_samples_at_their_times_and_takes_the_reference_off) {
  std::vector<std::int32_t> from(517);
  std::vector<double> reference(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    from[i] = static_cast<std::int32_t>(i * i) - 5000;
    reference[i] = 0.5 * static_cast<double>(i);
  }
  std::vector<double> to(from.size());
  prepare(std::span<const std::int32_t>(from), line, 16.0, std::span<const double>(reference), std::span(to));
  for (std::size_t i = 0; i < from.size(); ++i) {
    // All of these are whole numbers of 2^-7, which doubles hold exactly.
    const double time = 16.0 + static_cast<double>(i);
    ASSERT_EQ(to[i], 0.25 * (from[i] - 7 - 0.125 * time) - 3 - reference[i]) << i;
  }
}

TEST(row_line, rounds_once) {
  // In float32 throughout, 2^24 + 1 would be lost before the level is taken off.
  const std::vector<double> from(9, 16777217.0);
  std::vector<float> to(from.size());
  prepare(std::span<const double>(from), row_line{.level = 16777216.0}, 0.0, {}, std::span(to));
  for (const float one : to) EXPECT_EQ(one, 1.0F);
}

TEST(row_line, that_changes_nothing_leaves_every_bit) {
  EXPECT_TRUE(row_line{}.is_identity());
  EXPECT_FALSE(line.is_identity());
  const std::vector<float> from{-0.0F, 1e-40F, 3.4e38F, 1.0F / 3.0F};
  std::vector<float> to(from.size());
  prepare(std::span<const float>(from), row_line{}, 5.0, {}, std::span(to));
  EXPECT_EQ(to, from);
}

}  // namespace
}  // namespace weir::steps
