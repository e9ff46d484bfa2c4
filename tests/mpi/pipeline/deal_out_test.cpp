#include <cstdint>
#include <deque>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <pipeline/deal_out.hpp>

namespace weir::pipeline {
namespace {

/// Rank 0 has 0, 1, 2 and so on, and rank r gets so many of them.
template <class Items>
void deal_and_look(const std::vector<std::uint64_t>& counts) {
  const communicator world = communicator::world();
  const auto rank = static_cast<std::size_t>(world.rank());
  const auto first =
      std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(rank), std::uint64_t{0});
  Items all(world.rank() == 0 ? std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}) : 0);
  std::iota(all.begin(), all.end(), std::uint64_t{0});
  std::vector<std::uint64_t> expected(counts[rank]);
  std::iota(expected.begin(), expected.end(), first);
  EXPECT_EQ(deal_out(world, std::move(all), world.rank() == 0 ? counts : std::vector<std::uint64_t>{}),
            expected);
}

TEST(deal_out, gives_each_rank_its_part_and_no_more) {
  const auto ranks = static_cast<std::size_t>(communicator::world().size());
  for (const std::size_t step : {0, 1, 7, 100'000}) {
    for (const std::size_t begin : {0, 5}) {
      std::vector<std::uint64_t> counts(ranks);
      for (std::size_t i = 0; i < ranks; ++i) counts[i] = begin + step * ((i + 2) % ranks);
      deal_and_look<std::vector<std::uint64_t>>(counts);
      deal_and_look<std::deque<std::uint64_t>>(counts);
    }
  }
}

TEST(deal_out, gives_nothing_to_ranks_that_no_number_is_told_for) {
  const communicator world = communicator::world();
  std::vector<int> all(world.rank() == 0 ? 3 : 0, 4);
  EXPECT_EQ(deal_out(world, std::move(all), {3}), std::vector<int>(world.rank() == 0 ? 3 : 0, 4));
}

}  // namespace
}  // namespace weir::pipeline
