#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <weir/steps/pairwise_sum.hpp>

namespace weir::steps {
namespace {

std::vector<moments> cells(std::size_t count) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> values(1e6, 1);
  std::vector<moments> made(count);
  for (moments& one : made) one = {values(random), values(random)};
  return made;
}

pairwise_sum sum_of(const std::vector<moments>& all, std::size_t begin, std::size_t end) {
  pairwise_sum sum;
  for (std::size_t i = begin; i < end; ++i) sum.add_cell(i, all[i]);
  return sum;
}

TEST(pairwise_sum, is_the_sum_in_long_double) {
  for (const std::size_t count : {1, 2, 3, 7, 64, 1000}) {
    const auto all = cells(count);
    long double exact = 0;
    for (const moments& one : all) exact += one.sum;
    const double got = sum_of(all, 0, count).total().sum;
    EXPECT_NEAR(got, static_cast<double>(exact), 1e-15 * static_cast<double>(count) * 1e6 * 10) << count;
  }
}

TEST(pairwise_sum, has_the_same_bits_wherever_the_row_is_cut) {
  const auto all = cells(777);
  const moments whole = sum_of(all, 0, all.size()).total();
  for (const std::size_t first : {1, 4, 256, 500}) {
    for (const std::size_t second : {511, 512, 700, 776}) {
      if (second < first) continue;
      pairwise_sum joined;
      std::size_t begin = 0;
      for (const std::size_t end : {first, second, all.size()}) {
        const pairwise_sum of_part = sum_of(all, begin, end);
        for (const pairwise_sum::node& node : of_part.nodes()) joined.add(node);
        begin = end;
      }
      EXPECT_EQ(joined.total(), whole) << first << ' ' << second;
    }
  }
}

TEST(pairwise_sum, holds_two_numbers_for_each_doubling_at_most) {
  const auto all = cells(10'000);
  EXPECT_LE(sum_of(all, 1, all.size()).nodes().size(), 2 * 14U);
}

TEST(moments_of, weigh_values_by_their_times) {
  std::vector<std::int16_t> samples(1000);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = static_cast<std::int16_t>(static_cast<int>(i * 7919 % 65536) - 32768);
  }
  long double sum = 0;
  long double first = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum += samples[i];
    first += (static_cast<long double>(i) - 499.5L) * samples[i];
  }
  const moments got = moments_of(std::span<const std::int16_t>(samples), -499.5);
  EXPECT_EQ(got.sum, static_cast<double>(sum));
  EXPECT_NEAR(got.first, static_cast<double>(first), std::abs(static_cast<double>(first)) * 1e-12 + 1e-3);
}

}  // namespace
}  // namespace weir::steps
