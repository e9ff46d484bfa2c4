#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <weir/shm/shared_array.hpp>

#include "pools.hpp"

using namespace std::chrono_literals;
using namespace weir;

namespace {

class job_pools : public pools {};
WEIR_INSTANTIATE_POOLS(job_pools);

/// A structure of the program's own that is not trivially copyable.
struct fit {
  std::string name;
  std::vector<double> weights;
  auto fields() { return std::tie(name, weights); }
  friend bool operator==(const fit&, const fit&) = default;
};

/// A type of somebody else.
class opaque {
 public:
  explicit opaque(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace

template <>
struct weir::serializer<opaque> {
  static void write(byte_writer& to, const opaque& value) { to.write(value.text()); }
  static opaque read(byte_reader& from) { return opaque(from.read<std::string>()); }
};

namespace {

TEST_P(job_pools, return_results_in_the_order_of_the_input) {
  for (const std::size_t jobs : {std::size_t{1}, ranks - 1, ranks, ranks + 1, std::size_t{1000}}) {
    std::vector<int> input(jobs);
    std::iota(input.begin(), input.end(), 5);
    const std::vector<long> results = pool.map([](int x) { return long{x} * x; }, input);
    ASSERT_EQ(results.size(), jobs);
    for (std::size_t i = 0; i < jobs; ++i) ASSERT_EQ(results[i], long(i + 5) * long(i + 5));
  }
}

TEST_P(job_pools, return_nothing_for_nothing) {
  EXPECT_TRUE(pool.map([](double x) { return x; }, std::vector<double>{}).empty());
  EXPECT_TRUE(pool.try_map([](double x) { return x; }, std::vector<double>{}).empty());
  pool.map([](double) {}, std::vector<double>{});
}

TEST_P(job_pools, run_each_job_once_also_when_their_times_differ_a_thousandfold) {
  shared_array<int> runs(host, {300});
  const auto outcomes = pool.try_map(
      [&](int i) {
        std::atomic_ref(runs.data()[i]).fetch_add(1);
        std::this_thread::sleep_for(i % 100 == 3 ? 30ms : 30us);
      },
      std::views::iota(0, 300));
  EXPECT_EQ(of_all_hosts(runs), std::vector<int>(300, 1));
  for (const std::size_t i : {3U, 103U, 203U}) EXPECT_GE(outcomes[i].record().seconds, 0.03F);
}

TEST_P(job_pools, let_others_do_the_rest_while_a_rank_is_in_a_long_job) {
  if (ranks == 1 || pool.places().domains() > 1) return;
  shared_array<int> done(world, {1});
  const std::atomic_ref count(done.data()[0]);
  const auto waited = pool.map(
      [&](int i) {
        const bool in_time = i != 3 || comes_true([&] { return count.load() == 99; });
        count.fetch_add(1);
        return in_time;
      },
      std::views::iota(0, 100));
  EXPECT_TRUE(waited[3]);
  done.synchronize();
}

TEST_P(job_pools, let_every_rank_work) {
  // Of as many jobs as there are ranks, every host gets as many as it has.
  shared_array<int> begun(host, {1});
  const std::atomic_ref count(begun.data()[0]);
  const auto outcomes = pool.try_map(
      [&](std::size_t) {
        count.fetch_add(1);
        return comes_true([&] { return count.load() == host.size(); });
      },
      std::views::iota(std::size_t{0}, ranks));
  std::set<int> workers;
  for (const auto& outcome : outcomes) {
    EXPECT_TRUE(outcome.value());
    workers.insert(outcome.record().rank);
  }
  EXPECT_EQ(workers.size(), ranks);
  begun.synchronize();
}

TEST_P(job_pools, take_several_inputs_and_tuples) {
  const std::vector<double> x{1, 2, 3};
  const std::vector<std::string> y{"a", "b", "c"};
  const auto join = [](double a, const std::string& b) { return b + std::to_string(int(a)); };
  const std::vector<std::string> expected{"a1", "b2", "c3"};
  EXPECT_EQ(pool.map(join, x, y), expected);
  std::vector<std::tuple<double, std::string>> tuples;
  for (std::size_t i = 0; i < x.size(); ++i) tuples.emplace_back(x[i], y[i]);
  EXPECT_EQ(pool.starmap(join, tuples), expected);
  EXPECT_EQ(pool.starmap(join, std::vector<std::pair<int, std::string>>{{7, "z"}}),
            std::vector<std::string>{"z7"});
  EXPECT_THROW(pool.map(join, x, std::vector<std::string>{"a"}), error);
}

TEST_P(job_pools, carry_results_of_many_types) {
  const auto n = std::views::iota(0, 9);
  const auto each = [&](auto f) {
    const auto results = pool.map(f, n);
    ASSERT_EQ(results.size(), 9U);
    for (int i = 0; i < 9; ++i) EXPECT_EQ(results[std::size_t(i)], f(i)) << i;
  };
  each([](int i) { return i % 2 == 0; });
  each([](int i) { return std::string(std::size_t(i), 'x'); });
  each([](int i) { return std::vector<float>(std::size_t(i), 0.5F); });
  each([](int i) { return std::vector<bool>(std::size_t(i), true); });
  each([](int i) { return std::vector<std::string>(std::size_t(i), "abc"); });
  each([](int i) { return std::tuple(i, std::string("t"), std::optional<std::string>(i > 4 ? "y" : "z")); });
  each([](int i) { return i % 3 == 0 ? std::nullopt : std::optional(i); });
  each([](int i) { return std::pair(std::array<std::string, 2>{"p", "q"}, i); });
  each([](int i) { return std::array<double, 3>{double(i), 1, 2}; });
  each([](int i) { return fit{fmt::format("f{}", i), std::vector<double>(std::size_t(i), 1.5)}; });
  each([](int i) {
    auto filled = xt::xarray<double>::from_shape({std::size_t(i), 3});
    filled.fill(i);
    return filled;
  });
  each([](int i) { return xt::xtensor<int, 1>({i, 2 * i}); });
  const auto opaques = pool.map([](int i) { return opaque(std::to_string(i)); }, n);
  EXPECT_EQ(opaques[8].text(), "8");
}

TEST_P(job_pools, carry_results_that_together_are_too_many_for_one_exchange) {
  // More than the 64 MiB that travel at once.
  constexpr std::size_t length = std::size_t{3} << 20;
  const auto results =
      pool.map([](int i) { return std::vector<double>(length, i + 0.25); }, std::views::iota(0, 4));
  for (std::size_t i = 0; i < results.size(); ++i) {
    ASSERT_EQ(results[i].size(), length);
    EXPECT_EQ(results[i].front(), double(i) + 0.25);
    EXPECT_EQ(results[i].back(), double(i) + 0.25);
  }
}

TEST_P(job_pools, give_a_job_the_same_random_numbers_on_any_number_of_ranks) {
  const auto draw = [](int, job_context& job) { return job.random()(); };
  const auto first = pool.with({.seed = 7}).map(draw, std::views::iota(0, 50));
  const auto second = pool.with({.seed = 7}).map(draw, std::views::iota(0, 50));
  const auto other_seed = pool.with({.seed = 8}).map(draw, std::views::iota(0, 50));
  std::set<std::uint64_t> all;
  for (std::uint32_t i = 0; i < 50; ++i) {
    EXPECT_EQ(first[i], philox(7, 0, i)()) << "the first call of a pool is stream 0";
    EXPECT_EQ(second[i], philox(7, 1, i)());
    all.insert({first[i], second[i], other_seed[i]});
  }
  EXPECT_EQ(all.size(), 150U);
}

TEST_P(job_pools, run_calls_from_within_a_job_on_its_rank) {
  const auto results = pool.map(
      [&](int n, job_context& job) {
        const auto inner = pool.try_map([](int i, job_context& own) { return std::pair(i, own.random()()); },
                                        std::views::iota(0, n));
        const auto later = pool.map_async([](int i) { return 2 * i; }, std::vector<int>{n});
        std::vector<std::uint64_t> drawn{job.random()()};
        for (const auto& outcome : inner) drawn.push_back(outcome.value().second);
        return std::pair(later.get().front(), drawn);
      },
      std::views::iota(0, 20));
  std::set<std::uint64_t> distinct;
  std::size_t count = 0;
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i].first, 2 * int(i));
    ASSERT_EQ(results[i].second.size(), i + 1);
    distinct.insert(results[i].second.begin(), results[i].second.end());
    count += results[i].second.size();
  }
  EXPECT_EQ(distinct.size(), count) << "inner jobs have random numbers of their own";
  EXPECT_EQ(pool.map([](int i) { return i; }, std::vector{1, 2}), (std::vector{1, 2}));
}

TEST_P(job_pools, keep_what_each_job_said) {
  const auto outcomes = pool.try_map(
      [](int i, job_context& job) {
        for (int line = 0; line < i; ++line) job.log("line {} of {}", line, job.index());
      },
      std::views::iota(0, 12));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    ASSERT_EQ(outcomes[i].record().log.size(), i);
    for (std::size_t line = 0; line < i; ++line) {
      EXPECT_EQ(outcomes[i].record().log[line], fmt::format("line {} of {}", line, i));
    }
  }
}

TEST_P(job_pools, notice_that_ranks_give_different_jobs) {
  if (ranks == 1) return;
  const std::vector<int> input(world.rank() == 0 ? 3U : 4U);
  const auto refused = pool.map_async([](int i) { return i; }, input);
  EXPECT_THROW(refused.get(), agreed_error);
  EXPECT_THROW(refused.get(), jobs_failed) << "and has no results";
  EXPECT_EQ(pool.map([](int i) { return i + 1; }, std::vector{1}), std::vector{2}) << "the pool goes on";
}

TEST_P(job_pools, notice_that_ranks_make_different_numbers_of_calls) {
  if (ranks == 1) return;
  if (world.rank() == 0) static_cast<void>(pool.map_async([](int i) { return i; }, std::vector{1}));
  EXPECT_THROW(pool.map([](int i) { return i; }, std::vector{1}), agreed_error);
  EXPECT_EQ(pool.map([](int i) { return i + 1; }, std::vector{1}), std::vector{2}) << "the pool goes on";
}

TEST_P(job_pools, live_side_by_side) {
  job_pool other(world, domain_choice::parse("node"));
  const auto mine = pool.map_async([](int i) { return i; }, std::views::iota(0, 30));
  const auto its = other.map_async([](int i) { return -i; }, std::views::iota(0, 30));
  const auto results = its.get();
  for (int i = 0; i < 30; ++i) EXPECT_EQ(results[std::size_t(i)] + mine.get()[std::size_t(i)], 0);
  job_pool moved = std::move(other);
  EXPECT_EQ(moved.map([](int i) { return i + 1; }, std::vector{1}), std::vector{2});
}

}  // namespace
