#include <algorithm>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <weir/mpi/agree.hpp>
#include <weir/shm/atomic_value.hpp>
#include <weir/shm/event.hpp>
#include <weir/shm/mutex.hpp>
#include <weir/shm/queue.hpp>
#include <weir/shm/semaphore.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/topology.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

class synchronising : public testing::TestWithParam<const char*> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(GetParam())};
  const communicator& domain = places.domain();
  int rank = domain.rank();
  int ranks = domain.size();
};

INSTANTIATE_TEST_SUITE_P(domains, synchronising, testing::Values("node", "2", "1"), [](const auto& choice) {
  return choice.param == std::string("node") ? std::string("of_all") : std::string("of_") + choice.param;
});

/// Adds one in a way that loses counts unless something excludes the others: it lets them run in the middle.
void add_one(std::int64_t& value) {
  const std::int64_t before = *const_cast<volatile std::int64_t*>(&value);
  std::this_thread::yield();
  value = before + 1;
}

constexpr int rounds = 1000;

TEST_P(synchronising, mutexes_let_one_rank_at_a_time) {
  mutex one(domain);
  shared_array<std::int64_t> count(domain, {1});
  for (int i = 0; i < rounds; ++i) {
    const std::scoped_lock lock(one);
    add_one(*count.data());
  }
  count.synchronize();
  EXPECT_EQ(*count.data(), std::int64_t{rounds} * ranks);
}

TEST_P(synchronising, several_mutexes_are_locked_without_deadlock) {
  mutex a(domain);
  mutex b(domain);
  shared_array<std::int64_t> count(domain, {1});
  for (int i = 0; i < rounds / 4; ++i) {
    if (rank % 2 == 0) {
      const std::scoped_lock lock(a, b);
      add_one(*count.data());
    } else {
      const std::scoped_lock lock(b, a);
      add_one(*count.data());
    }
  }
  count.synchronize();
  EXPECT_EQ(*count.data(), std::int64_t{rounds / 4} * ranks);
}

TEST_P(synchronising, mutexes_are_seen_as_locked_by_the_others) {
  mutex one(domain);
  if (rank == 0) one.lock();
  domain.barrier();
  std::unique_lock attempt(one, std::defer_lock);
  if (rank != 0) {
    EXPECT_FALSE(attempt.try_lock());
  }
  domain.barrier();
  if (rank == 0) one.unlock();
  domain.barrier();
  if (rank == ranks - 1) {
    EXPECT_TRUE(attempt.try_lock());
  }
}

TEST_P(synchronising, recursive_mutexes_are_locked_again_by_their_rank) {
  recursive_mutex one(domain);
  shared_array<std::int64_t> count(domain, {1});
  for (int i = 0; i < rounds / 4; ++i) {
    const std::scoped_lock outer(one);
    add_one(*count.data());
    const std::scoped_lock inner(one);
    add_one(*count.data());
  }
  count.synchronize();
  EXPECT_EQ(*count.data(), std::int64_t{rounds / 4} * 2 * ranks);
}

TEST_P(synchronising, functions_of_one_mutex_exclude_one_another) {
  mutex one(domain);
  shared_array<std::int64_t> count(domain, {1});
  auto up = with_mutex(one, [&](int by) {
    for (int i = 0; i < by; ++i) add_one(*count.data());
    return by;
  });
  auto once = with_mutex(one, [&] { add_one(*count.data()); });
  std::int64_t sum = 0;
  for (int i = 0; i < rounds / 4; ++i) {
    sum += up(3);
    once();
  }
  EXPECT_EQ(sum, 3 * rounds / 4);
  count.synchronize();
  EXPECT_EQ(*count.data(), std::int64_t{rounds} * ranks);
}

TEST_P(synchronising, semaphores_admit_as_many_as_they_have_permits) {
  constexpr std::size_t permits = 2;
  semaphore gate(domain, permits);
  atomic_value<int> inside(domain);
  int most = 0;
  for (int i = 0; i < rounds / 4; ++i) {
    gate.acquire();
    most = std::max(most, inside.fetch_add(1) + 1);
    std::this_thread::yield();
    inside.fetch_sub(1);
    gate.release();
  }
  domain.barrier();
  EXPECT_LE(most, int(permits));
  EXPECT_EQ(inside.load(), 0);
  domain.barrier();
  if (rank == 0) {
    EXPECT_TRUE(gate.try_acquire());
    EXPECT_TRUE(gate.try_acquire_for(0s));
    EXPECT_FALSE(gate.try_acquire());
    EXPECT_FALSE(gate.try_acquire_for(1ms));
  }
  domain.barrier();
  // One rank wakes all at once.
  if (rank == 0) gate.release(std::size_t(ranks));
  gate.acquire();
}

TEST_P(synchronising, events_wake_all_that_wait) {
  event started(domain);
  shared_array<int> message(domain, {1});
  for (int round = 1; round <= 50; ++round) {
    if (rank == round % ranks) {
      *message.data() = round;
      started.set();
    }
    started.wait();
    EXPECT_TRUE(started.is_set());
    ASSERT_EQ(*message.data(), round);
    domain.barrier();
    if (rank == 0) started.clear();
    domain.barrier();
    ASSERT_FALSE(started.is_set());
    domain.barrier();
  }
  EXPECT_FALSE(started.wait_for(1ms));
}

TEST_P(synchronising, counters_deal_out_each_number_once) {
  atomic_value<std::uint64_t> next(domain, 5);
  shared_array<int> owners(domain, {std::size_t(rounds)});
  for (std::uint64_t i = next.fetch_add(1); i < 5 + rounds; i = next.fetch_add(1)) {
    owners.data()[i - 5] += rank + 1;
  }
  owners.synchronize();
  for (const int owner : owners.elements()) {
    ASSERT_GE(owner, 1);
    ASSERT_LE(owner, ranks);
  }
  EXPECT_EQ(next.load(), std::uint64_t(5 + rounds + ranks));
}

TEST_P(synchronising, atomic_values_of_doubles_lose_nothing) {
  atomic_value<double> sum(domain);
  for (int i = 0; i < rounds; ++i) sum.fetch_add(0.5);
  domain.barrier();
  EXPECT_EQ(sum.load(), rounds * 0.5 * ranks);
  domain.barrier();
  double expected = sum.load();
  domain.barrier();
  const bool won = sum.compare_exchange(expected, -1.0 - rank);
  EXPECT_EQ(domain.all_reduce(won ? 1 : 0, reduction::sum), 1);
  domain.barrier();
  if (won) {
    EXPECT_EQ(sum.exchange(0.0), -1.0 - rank);
  }
}

struct parcel {
  int sender;
  int number;
};

TEST_P(synchronising, queues_hand_each_value_to_one_rank_in_the_senders_order) {
  for (const std::size_t capacity : {std::size_t{1}, std::size_t{3}, std::size_t{64}}) {
    queue<parcel> parcels(domain, capacity);
    shared_array<int> seen(domain, {std::size_t(ranks), std::size_t(rounds / 8)});
    atomic_value<int> senders(domain, ranks);
    EXPECT_EQ(parcels.capacity(), capacity);

    // Every rank sends and receives: what it cannot send yet it makes room for.
    std::vector<int> last(std::size_t(ranks), -1);
    const auto receive = [&](const std::optional<parcel>& got) {
      if (!got) return false;
      EXPECT_GT(got->number, last[std::size_t(got->sender)]) << "a receiver sees a sender's parcels in order";
      last[std::size_t(got->sender)] = got->number;
      ++seen.row(std::size_t(got->sender))[std::size_t(got->number)];
      return true;
    };
    for (int i = 0; i < rounds / 8; ++i) {
      while (!parcels.try_push({rank, i})) receive(parcels.try_pop());
      EXPECT_LE(parcels.size(), capacity);
    }
    if (senders.fetch_sub(1) == 1) parcels.close();
    while (receive(parcels.pop())) {
    }
    EXPECT_FALSE(parcels.push({rank, 0})) << "a closed queue takes nothing";
    seen.synchronize();
    for (const int times : seen.elements()) ASSERT_EQ(times, 1);
  }
}

TEST_P(synchronising, queues_make_the_fast_wait_for_the_slow) {
  queue<int> numbers(domain, 2);
  if (ranks == 1) {
    EXPECT_TRUE(numbers.push(1));
    EXPECT_TRUE(numbers.push_for(2, 0s));
    EXPECT_FALSE(numbers.try_push(3));
    EXPECT_FALSE(numbers.push_for(3, 1ms));
    EXPECT_EQ(numbers.pop(), 1);
    EXPECT_EQ(numbers.pop_for(0s), 2);
    EXPECT_EQ(numbers.try_pop(), std::nullopt);
    EXPECT_EQ(numbers.pop_for(1ms), std::nullopt);
    return;
  }
  // One sender that blocks on the full queue, all others receivers that block on the empty one.
  std::int64_t sum = 0;
  if (rank == 0) {
    for (int i = 1; i <= rounds; ++i) EXPECT_TRUE(numbers.push(i));
    numbers.close();
  } else {
    while (const std::optional<int> got = numbers.pop()) sum += *got;
  }
  EXPECT_EQ(domain.all_reduce(sum, reduction::sum), std::int64_t{rounds} * (rounds + 1) / 2);
}

TEST_P(synchronising, queues_of_no_capacity_are_refused_on_all_ranks) {
  EXPECT_THROW(queue<int>(domain, 0), agreed_error);
  queue<int>(domain, 1).close();
}

struct fragile {
  explicit fragile(int value) {
    if (value < 0) throw error(exit_code::usage, "too fragile");
  }
};

TEST_P(synchronising, shared_objects_that_cannot_be_made_are_errors_on_all_ranks) {
  EXPECT_THROW(shared_object<fragile>(domain, -1), agreed_error);
  const shared_object<fragile> good(domain, 1);
}

}  // namespace
