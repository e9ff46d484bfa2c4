#include "io/times_at_once.hpp"

#include <gtest/gtest.h>

namespace weir::io::test {
namespace {

TEST(outputs_a_step, bounds_results_and_samples_and_is_never_none) {
  constexpr std::size_t largest = (std::size_t{1} << 32) - 1;
  for (const std::size_t up : {std::size_t{1}, std::size_t{3}, std::size_t{1'000}, most_times, largest}) {
    for (const std::size_t down : {std::size_t{1}, std::size_t{7}, std::size_t{200'001}, largest}) {
      const rate_ratio rate = make_rate_ratio(up, down);
      const std::size_t step = outputs_a_step(rate);
      ASSERT_GE(step, 1U) << up << "/" << down;
      EXPECT_LE(step, most_times) << up << "/" << down;
      for (const std::size_t begin : {std::size_t{0}, std::size_t{12'345}}) {
        const std::size_t samples = rate.sample_at(begin + step - 1) - rate.sample_at(begin) + 1;
        EXPECT_LE(samples, most_times + 1) << up << "/" << down;
      }
      // Neither is far below what memory is for.
      EXPECT_TRUE(2 * step > most_times || 2 * (step + 1) * down / up > most_times) << up << "/" << down;
    }
  }
}

}  // namespace
}  // namespace weir::io::test
