#include "../../../src/jobs/grant.hpp"

#include <gtest/gtest.h>

using weir::jobs::grant_request;
using weir::jobs::units_to_grant;

namespace {

TEST(grants, are_one_unit_a_rank_as_long_as_times_are_not_known) {
  EXPECT_EQ(units_to_grant({.left = 1000, .ranks = 3, .ranks_of_all = 8}), 3U);
}

TEST(grants, last_some_milliseconds) {
  // 20 ms for each of 4 ranks, in units of 2 ms
  EXPECT_EQ(
      units_to_grant(
          {.left = 1000, .ranks = 4, .ranks_of_all = 8, .unit_seconds = 0.002, .longest_seconds = 0.003}),
      40U);
}

TEST(grants, last_as_long_as_the_longest_unit) {
  // A unit of 1 s among those of 10 ms: whoever is in such a one answers after 100 others.
  EXPECT_EQ(units_to_grant(
                {.left = 1000, .ranks = 1, .ranks_of_all = 2, .unit_seconds = 0.01, .longest_seconds = 1}),
            100U);
}

TEST(grants, are_half_of_the_domains_share_at_most) {
  EXPECT_EQ(units_to_grant({.left = 100, .ranks = 2, .ranks_of_all = 8, .unit_seconds = 1e-6}), 12U);
  EXPECT_EQ(units_to_grant(
                {.left = 100, .ranks = 1, .ranks_of_all = 2, .unit_seconds = 1e-3, .longest_seconds = 10}),
            25U);
}

TEST(grants, are_one_unit_at_least) {
  EXPECT_EQ(units_to_grant({.left = 0, .ranks = 1, .ranks_of_all = 2, .unit_seconds = 1}), 1U);
  EXPECT_EQ(units_to_grant({.left = 1, .ranks = 1, .ranks_of_all = 800, .unit_seconds = 1}), 1U);
  EXPECT_EQ(units_to_grant(
                {.left = 1000, .ranks = 1, .ranks_of_all = 2, .unit_seconds = 1e6, .longest_seconds = 1e6}),
            1U);
}

TEST(grants, leave_a_whole_round_in_halves) {
  // Two domains alike, the second of which asks and asks: each grant is a quarter of what is left.
  std::uint32_t left = 1000;
  for (const std::uint32_t expected : {250U, 187U, 140U, 105U}) {
    const std::uint32_t given =
        units_to_grant({.left = left, .ranks = 1, .ranks_of_all = 2, .unit_seconds = 1e-6});
    EXPECT_EQ(given, expected);
    left -= given;
  }
}

}  // namespace
