#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <weir/mpi/communicator.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/mpi/error.hpp>

using namespace weir;

namespace {

class communicators : public testing::Test {
 protected:
  communicator all = communicator::world();
  int rank = all.rank();
  int size = all.size();
};

TEST_F(communicators, reduce_numbers_of_every_type) {
  EXPECT_EQ(all.all_reduce(rank, reduction::sum), size * (size - 1) / 2);
  EXPECT_EQ(all.all_reduce(rank, reduction::max), size - 1);
  EXPECT_EQ(all.all_reduce(rank + 0.5, reduction::min), 0.5);
  EXPECT_EQ(all.all_reduce(float(rank), reduction::max), float(size - 1));
  EXPECT_EQ(all.all_reduce(std::uint64_t{1} << 63, reduction::max), std::uint64_t{1} << 63);
  EXPECT_EQ(all.all_reduce(std::int64_t{-rank}, reduction::min), 1 - size);
  EXPECT_EQ(all.all_reduce(std::int16_t(-rank), reduction::min), 1 - size);
  EXPECT_EQ(all.all_reduce(1U << rank, reduction::bit_or), (1U << size) - 1);
  EXPECT_EQ(all.all_reduce(rank == size - 1, reduction::logical_or), true);
  EXPECT_EQ(all.all_reduce(rank == 0, reduction::logical_and), size == 1);
  EXPECT_TRUE(all.any_of(rank == 0));
  EXPECT_EQ(all.all_of(rank == 0), size == 1);
}

TEST_F(communicators, reduce_arrays_in_place) {
  std::vector<std::size_t> counts(1000);
  std::iota(counts.begin(), counts.end(), std::size_t(rank));
  all.all_reduce(std::span(counts), reduction::max);
  for (std::size_t i = 0; i < counts.size(); ++i) ASSERT_EQ(counts[i], i + std::size_t(size - 1));

  std::array<int, 0> nothing{};
  all.all_reduce(std::span(nothing), reduction::sum);
}

TEST_F(communicators, sum_over_the_ranks_before) {
  EXPECT_EQ(all.exclusive_sum(std::size_t(rank) + 1), std::size_t(rank * (rank + 1) / 2));
  EXPECT_EQ(all.exclusive_sum(0.5), 0.5 * rank);
}

TEST_F(communicators, broadcast_values_and_texts_from_any_rank) {
  struct pair {
    int number;
    double value;
  };
  for (int root = 0; root < size; ++root) {
    const pair got = all.broadcast(pair{rank, rank / 4.0}, root);
    EXPECT_EQ(got.number, root);
    EXPECT_EQ(got.value, root / 4.0);
    EXPECT_EQ(all.broadcast(std::string(std::size_t(rank) * 3, char('a' + rank)), root),
              std::string(std::size_t(root) * 3, char('a' + root)));
  }
}

TEST_F(communicators, broadcast_spans_in_rounds) {
  constexpr std::size_t length = 103;
  for (const std::size_t round_bytes :
       {std::size_t{1}, std::size_t{7}, std::size_t{256}, default_round_bytes}) {
    std::vector<int> values(length, -1);
    if (rank == size - 1) std::iota(values.begin(), values.end(), 5);
    all.broadcast(std::span(values), size - 1, round_bytes);
    for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(values[i], int(i) + 5);
  }
}

TEST_F(communicators, gather_values_and_texts) {
  const std::vector<double> values = all.all_gather(rank * 1.5);
  ASSERT_EQ(values.size(), std::size_t(size));
  const std::vector<std::string> texts = all.all_gather(std::string(std::size_t(rank), 'x') + "|");
  ASSERT_EQ(texts.size(), std::size_t(size));
  for (int i = 0; i < size; ++i) {
    EXPECT_EQ(values[std::size_t(i)], i * 1.5);
    EXPECT_EQ(texts[std::size_t(i)], std::string(std::size_t(i), 'x') + "|");
  }
}

TEST_F(communicators, send_and_receive_in_rounds) {
  constexpr std::size_t length = 10'007;
  constexpr int tag = 7;
  for (const std::size_t round_bytes : {std::size_t{13}, std::size_t{8192}, default_round_bytes}) {
    if (rank > 0) {
      std::vector<std::int16_t> values(length);
      std::iota(values.begin(), values.end(), std::int16_t(rank));
      all.send(std::span(std::as_const(values)), 0, tag, round_bytes);
    } else {
      for (int source = size - 1; source > 0; --source) {
        std::vector<std::int16_t> values(length);
        all.receive(std::span(values), source, tag, round_bytes);
        for (std::size_t i = 0; i < length; ++i) ASSERT_EQ(values[i], std::int16_t(i + std::size_t(source)));
      }
    }
  }
}

TEST_F(communicators, say_when_less_came_than_was_awaited) {
  const std::array<int, 2> sent{1, 2};
  std::array<int, 3> received{};
  if (rank == 1) all.send(std::span(sent), 0);
  if (rank == 0 && size > 1) {
    EXPECT_THROW(all.receive(std::span(received), 1), error);
  }
}

TEST_F(communicators, reduce_without_waiting) {
  auto sum = all.start_all_reduce(std::vector<int>{rank, 1}, reduction::sum);
  auto moved = std::move(sum);
  while (!moved.ready()) {
  }
  EXPECT_EQ(moved.get(), (std::vector<int>{size * (size - 1) / 2, size}));
}

TEST_F(communicators, finish_a_reduction_that_nobody_awaits) {
  { auto dropped = all.start_all_reduce(std::vector<double>(100, 1.0), reduction::max); }
  EXPECT_EQ(all.all_reduce(1, reduction::sum), size);  // the next one is not disturbed
}

TEST_F(communicators, split_by_color_and_order_by_key) {
  const communicator half = all.split(rank % 2, -rank);
  EXPECT_EQ(half.size(), (size + 1 - rank % 2) / 2);
  EXPECT_EQ(half.rank(), half.size() - 1 - rank / 2);
  EXPECT_EQ(half.all_reduce(rank % 2, reduction::sum), rank % 2 * half.size());

  const communicator first = all.split(rank == 0 ? 0 : communicator::no_color, 0);
  EXPECT_EQ(bool(first), rank == 0);
}

TEST_F(communicators, are_the_same_ranks_when_duplicated) {
  const communicator copy = all.duplicate();
  EXPECT_EQ(copy.rank(), rank);
  EXPECT_EQ(copy.size(), size);
  int relation = MPI_UNEQUAL;
  check(MPI_Comm_compare(copy.native(), all.native(), &relation), "MPI_Comm_compare");
  EXPECT_EQ(relation, MPI_CONGRUENT);
}

TEST_F(communicators, move_what_they_own) {
  communicator a = all.duplicate();
  const MPI_Comm native = a.native();
  communicator b = std::move(a);
  EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move): moved-from is null, as documented
  EXPECT_EQ(b.native(), native);
  b = all.split(0, -rank);
  EXPECT_EQ(b.rank(), size - 1 - rank);
  EXPECT_EQ(communicator().size(), 0);
}

TEST_F(communicators, throw_the_failures_of_calls) {
  try {
    all.broadcast(1, size);
    FAIL() << "there is no such root";
  } catch (const mpi_error& e) {
    EXPECT_EQ(e.mpi_class(), MPI_ERR_ROOT);
    EXPECT_EQ(e.call(), "MPI_Bcast");
    EXPECT_EQ(e.code(), exit_code::internal);
    // "MPI_ERR_ROOT: invalid root" in Open MPI, "Invalid root, error stack:" in MPICH.
    EXPECT_NE(std::string(e.what()).find("nvalid root"), std::string::npos) << e.what();
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
  }
  const communicator part = all.split(0, 0);
  EXPECT_THROW(part.broadcast(1, -1), mpi_error) << "a new communicator returns its errors too";
}

TEST(environments, know_their_library) {
  EXPECT_FALSE(environment::library_version().empty());
  EXPECT_GE(environment::standard_version(), "3.0");
}

}  // namespace
