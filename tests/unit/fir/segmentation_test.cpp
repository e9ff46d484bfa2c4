#include "segmentation.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include <gtest/gtest.h>

#include "fft/transform_plan.hpp"

namespace weir::fir {
namespace {

constexpr std::size_t line_bytes = 64;
/// Lines this far apart share a set of the first-level cache.
constexpr std::size_t set_bytes = 4096;

/// Calls `test` for filters from one tap to tens of thousands, centred, causal and anticausal, in both types.
void for_many_reaches(const auto& test) {
  for (const std::size_t bytes : {sizeof(double), sizeof(float)}) {
    for (std::size_t reach = 0; reach < 40'000; reach += 1 + reach / 20) {
      for (const std::size_t ahead : {std::size_t{0}, reach / 2, reach}) test(reach - ahead, ahead, bytes);
    }
  }
}

TEST(segmentation, keeps_what_the_taps_reach_out_of_the_outputs) {
  for_many_reaches([](std::size_t back, std::size_t ahead, std::size_t bytes) {
    const segmentation cut = choose_segmentation(back, ahead, bytes);
    SCOPED_TRACE(testing::Message() << back << " back, " << ahead << " ahead, numbers of " << bytes
                                    << " bytes");
    ASSERT_TRUE(std::has_single_bit(cut.length));
    ASSERT_GE(cut.length,
              bytes == sizeof(double) ? transform_plan<double>::shortest : transform_plan<float>::shortest);
    ASSERT_GE(cut.halo, back);
    ASSERT_GE(cut.lookahead(), ahead);
    ASSERT_EQ(cut.halo * bytes % line_bytes, 0U);
    ASSERT_EQ(cut.valid * bytes % line_bytes, 0U);
    ASSERT_GE(cut.valid, cut.length / 2);
  });
}

// What comes beyond the measured lengths must not take the place of one of them.
TEST(segmentation, takes_the_length_that_was_measured_for_taps_between_two) {
  EXPECT_EQ(choose_segmentation(33, 33, sizeof(float)).length, 512U);
  EXPECT_EQ(choose_segmentation(34, 33, sizeof(float)).length, 1024U);
  EXPECT_EQ(choose_segmentation(1850, 1850, sizeof(float)).length, 16384U);
  EXPECT_EQ(choose_segmentation(2000, 2000, sizeof(float)).length, 32768U);
  EXPECT_EQ(choose_segmentation(3300, 3300, sizeof(float)).length, 32768U);
  EXPECT_EQ(choose_segmentation(2000, 2000, sizeof(double)).length, 16384U);
  EXPECT_EQ(choose_segmentation(3300, 3300, sizeof(double)).length, 32768U);
}

TEST(segmentation, keeps_the_legs_of_a_pair_in_different_sets_of_the_cache) {
  for_many_reaches([](std::size_t back, std::size_t ahead, std::size_t bytes) {
    const segmentation cut = choose_segmentation(back, ahead, bytes);
    if (cut.length * bytes < 8 * set_bytes) return;  // legs are less than a set's distance apart
    const std::size_t beyond = cut.valid * bytes % set_bytes;
    ASSERT_GE(std::min(beyond, set_bytes - beyond), 4 * line_bytes) << back << " back, " << ahead << " ahead";
  });
}

}  // namespace
}  // namespace weir::fir
