#include <cstdint>
#include <numeric>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <weir/mpi/communicator.hpp>
#include <weir/partition.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/shm/work_shares.hpp>

using namespace weir;

namespace {

class work : public testing::Test {
 protected:
  communicator domain = communicator::world().duplicate();
  std::size_t rank = static_cast<std::size_t>(domain.rank());
  std::size_t ranks = static_cast<std::size_t>(domain.size());

  void renew(work_shares& shares) {
    domain.barrier();
    shares.renew();
  }
};

std::vector<std::size_t> take_all(work_shares& shares, std::size_t pieces) {
  std::vector<std::size_t> taken;
  while (const auto piece = shares.take(pieces)) taken.push_back(*piece);
  return taken;
}

TEST_F(work, each_piece_is_taken_once_whoever_hurries) {
  constexpr std::size_t most = 1000;
  shared_array<std::int32_t> times(domain, {ranks * most});
  work_shares shares(domain);
  std::vector<std::size_t> all{0, 1, ranks - 1, ranks, ranks + 1, 17, most};
  for (const std::size_t pieces : all) {
    // Rows of one array are written by their rank alone.
    std::int32_t* const own = times.data() + rank * most;
    std::fill_n(own, most, 0);
    while (const auto piece = shares.take(pieces)) {
      ASSERT_LT(*piece, pieces);
      ++own[*piece];
      for (std::size_t i = 0; i < rank; ++i) std::this_thread::yield();
    }
    times.synchronize();
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      std::int32_t sum = 0;
      for (std::size_t r = 0; r < ranks; ++r) sum += times.data()[r * most + piece];
      EXPECT_EQ(sum, 1) << piece << " of " << pieces;
    }
    EXPECT_EQ(shares.take(pieces), std::nullopt);
    renew(shares);
  }
}

TEST_F(work, a_rank_does_its_share_in_order_and_then_that_of_ranks_that_do_nothing) {
  constexpr std::size_t pieces = 50;
  work_shares shares(domain);
  for (std::size_t only = 0; only < ranks; ++only) {
    if (rank == only) {
      const std::vector<std::size_t> taken = take_all(shares, pieces);
      const index_range own = part_of(pieces, ranks, rank);
      ASSERT_EQ(taken.size(), pieces);
      for (std::size_t i = 0; i < own.size(); ++i) EXPECT_EQ(taken[i], own.begin + i);
      std::vector<bool> seen(pieces);
      for (const std::size_t piece : taken) seen[piece] = true;
      EXPECT_EQ(std::accumulate(seen.begin(), seen.end(), std::size_t{0}), pieces);
    }
    domain.barrier();
    EXPECT_EQ(shares.take(pieces), std::nullopt);
    renew(shares);
  }
}

TEST_F(work, who_awaits_the_others_finds_all_pieces_done) {
  constexpr std::size_t pieces = 64;
  shared_array<std::int32_t> results(domain, {pieces});
  work_shares shares(domain);
  for (std::int32_t round = 1; round <= 50; ++round) {
    while (const auto piece = shares.take(pieces)) {
      for (std::size_t i = 0; i < 20 * rank; ++i) std::this_thread::yield();
      results.data()[*piece] = round;
    }
    EXPECT_TRUE(shares.await_others());
    results.sync();
    for (std::size_t piece = 0; piece < pieces; ++piece) EXPECT_EQ(results.data()[piece], round) << piece;
    renew(shares);
  }
}

TEST_F(work, ranks_learn_that_one_has_given_up) {
  work_shares shares(domain);
  if (rank == 0) {
    EXPECT_TRUE(shares.take(ranks));
  }
  domain.barrier();
  if (rank == 0) {
    shares.give_up();
  } else {
    while (shares.take(ranks)) {
    }
    EXPECT_FALSE(shares.await_others());
  }
  renew(shares);
  while (shares.take(ranks)) {
  }
  EXPECT_TRUE(shares.await_others()) << "all begin anew";
  domain.barrier();
}

TEST_F(work, what_is_taken_over_is_the_end_of_what_the_busiest_rank_has_left) {
  if (ranks < 3) GTEST_SKIP() << "two others are wanted";
  const std::size_t pieces = 10 * ranks;
  work_shares shares(domain);
  // Rank 1 has done two of its ten pieces when rank 0 is done with all of its own; the others have not begun.
  if (rank == 1) {
    for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(shares.take(pieces), 10 + i);
  }
  domain.barrier();
  if (rank == 0) {
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(shares.take(pieces), i);
    EXPECT_EQ(shares.take(pieces), 29U);
  }
  domain.barrier();
  if (rank == 2) {
    EXPECT_EQ(shares.take(pieces), 20U);
  }
  domain.barrier();
}

}  // namespace
