#include "segmentation.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

#include <gtest/gtest.h>

#include "fft/transform_plan.hpp"

namespace weir::fir {
namespace {

constexpr std::size_t line_bytes = 64;

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
    ASSERT_GE(cut.lookahead, ahead);
    for (const std::size_t samples : {cut.halo, cut.lookahead, cut.valid_of_first(), cut.valid_of_second()}) {
      ASSERT_EQ(samples * bytes % line_bytes, 0U);
    }
    // A pair reads no more than twice what it yields, and begins its second segment among its own samples.
    ASSERT_LE(cut.span(), 2 * cut.valid());
    ASSERT_LE(cut.halo, cut.to_second());
    ASSERT_LE(cut.lookahead, cut.length);
  });
}

TEST(segmentation, overlapping_segments_lose_what_taps_reach_twice_and_joined_ones_once) {
  const segmentation apart{1024, 64, 32, pairing::overlapping};
  EXPECT_EQ(apart.to_second(), 1024U - 96U);
  EXPECT_EQ(apart.span(), 2048U - 96U);
  EXPECT_EQ(apart.valid(), 2048U - 2 * 96U);
  EXPECT_EQ(apart.valid_of_first(), apart.valid() / 2);
  const segmentation joined{1024, 64, 32, pairing::joined};
  EXPECT_EQ(joined.to_second(), 1024U);
  EXPECT_EQ(joined.span(), 2048U);
  EXPECT_EQ(joined.valid(), 2048U - 96U);
  EXPECT_EQ(joined.valid_of_first(), 1024U - 64U);
  EXPECT_EQ(joined.valid_of_second(), 1024U - 32U);
}

// What comes beyond the measured lengths must not take the place of one of them.
TEST(segmentation, takes_what_was_measured_for_taps_between_two) {
  const auto expect = [](std::size_t reach, std::size_t bytes, std::size_t length, pairing pair) {
    const segmentation cut = choose_segmentation(reach - reach / 2, reach / 2, bytes);
    EXPECT_EQ(cut.length, length) << reach;
    EXPECT_EQ(cut.pair, pair) << reach;
  };
  using enum pairing;
  expect(66, sizeof(float), 512, overlapping);
  expect(67, sizeof(float), 1024, overlapping);
  expect(170, sizeof(float), 1024, overlapping);
  expect(171, sizeof(float), 1024, joined);
  expect(4000, sizeof(float), 16384, joined);
  expect(6600, sizeof(float), 16384, joined);
  expect(12'000, sizeof(float), 32768, joined);
  expect(130, sizeof(double), 512, overlapping);
  expect(131, sizeof(double), 512, joined);
  expect(4000, sizeof(double), 8192, joined);
  expect(6600, sizeof(double), 16384, joined);
}

// A pair's results are stored beside the next pair's samples, a pair's valid outputs apart, and legs lie half
// of a cache way apart, or all of it.
TEST(segmentation, keeps_stored_results_off_the_places_of_samples_that_are_loaded) {
  constexpr std::size_t half_way_bytes = 2048;
  for_many_reaches([](std::size_t back, std::size_t ahead, std::size_t bytes) {
    const segmentation cut = choose_segmentation(back, ahead, bytes);
    if (!cut.outgrows_first_level(bytes)) return;  // two loops
    const std::size_t beyond = cut.valid() * bytes % half_way_bytes;
    ASSERT_GE(std::min(beyond, half_way_bytes - beyond), 4 * line_bytes)
        << back << " back, " << ahead << " ahead";
  });
}

}  // namespace
}  // namespace weir::fir
