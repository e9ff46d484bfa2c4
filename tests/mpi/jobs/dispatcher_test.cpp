#include "../../../src/jobs/dispatcher.hpp"

#include <atomic>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <weir/shm/shared_array.hpp>

#include "pools.hpp"

using namespace weir;
using weir::jobs::dispatcher;

namespace {

class dispatchers : public testing::TestWithParam<const char*> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(GetParam())};
  dispatcher units{places};

  /// Takes up to `most` units, and counts in `taken` how often each was.
  template <class F>
  void take(std::vector<int>& taken, std::size_t most, F&& work) {
    for (std::size_t i = 0; i < most; ++i) {
      const auto unit = units.next([] {});
      if (!unit) break;
      ASSERT_LT(*unit, taken.size());
      ++taken[*unit];
      work(*unit);
      units.count_unit(1e-6);
    }
    units.end_phase([] {});
  }
  std::vector<int> of_all_ranks(std::vector<int> taken) {
    world.all_reduce(std::span(taken), reduction::sum);
    return taken;
  }
};

WEIR_INSTANTIATE_POOLS(dispatchers);

TEST_P(dispatchers, give_every_unit_to_one_rank_once) {
  for (const std::uint32_t count : {0U, 1U, 2U, 3U, 7U, 8U, 9U, 64U, 1000U, 100000U}) {
    units.begin(count);
    std::vector<int> taken(count);
    take(taken, count + 1, [](std::uint32_t) {});
    EXPECT_EQ(of_all_ranks(taken), std::vector<int>(count, 1)) << count << " units";
  }
}

TEST_P(dispatchers, go_on_where_a_phase_ended) {
  for (const std::uint32_t count : {1U, 5U, 40U, 333U}) {
    units.begin(count);
    std::vector<int> taken(count);
    std::uint64_t done = 0;
    std::size_t phases = 0;
    while (done < count) {
      const std::size_t before = std::size_t(std::accumulate(taken.begin(), taken.end(), 0));
      take(taken, 2, [](std::uint32_t) {});
      ASSERT_LE(std::size_t(std::accumulate(taken.begin(), taken.end(), 0)), before + 2);
      done = world.all_reduce(units.done_here(), reduction::sum);
      ASSERT_LE(++phases, count) << "a phase in which no rank got a unit";
    }
    EXPECT_EQ(of_all_ranks(taken), std::vector<int>(count, 1)) << count << " units";
  }
}

TEST_P(dispatchers, give_a_busy_rank_less) {
  // The last rank's first unit ends when the others have done half of all; or, where it sees those of its
  // host alone, the ones that these were given to begin with.
  const communicator host = world.split_shared();
  if (host.size() == 1) return;
  constexpr std::uint32_t count = 200;
  const std::uint32_t enough = host.size() == world.size() ? count / 2 : std::uint32_t(host.size() - 1);
  shared_array<std::uint32_t> done(host, {1});
  const std::atomic_ref done_by_others(done.data()[0]);
  units.begin(count);
  std::vector<int> taken(count);
  bool in_time = true;
  take(taken, count, [&](std::uint32_t) {
    if (world.rank() != world.size() - 1) {
      done_by_others.fetch_add(1);
    } else if (in_time) {
      in_time = comes_true([&] { return done_by_others.load() >= enough; });
    }
  });
  EXPECT_TRUE(in_time);
  EXPECT_EQ(of_all_ranks(taken), std::vector<int>(count, 1));
  done.synchronize();
}

TEST_P(dispatchers, know_at_a_phases_end_how_many_units_this_domain_has_done) {
  units.begin(50);
  std::vector<int> taken(50);
  take(taken, 50, [](std::uint32_t) {});
  const auto of_domain = std::uint64_t(
      places.domain().all_reduce(std::accumulate(taken.begin(), taken.end(), 0), reduction::sum));
  EXPECT_GE(units.done(), of_domain);
  EXPECT_LE(units.done(), 50U);
}

}  // namespace
