#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <ranges>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include <weir/log.hpp>
#include <weir/shm/shared_array.hpp>

#include "pools.hpp"

using namespace std::chrono_literals;
using namespace weir;

namespace {

class job_futures_of : public pools {};
WEIR_INSTANTIATE_POOLS(job_futures_of);

TEST_P(job_futures_of, a_first_stage_feed_a_second) {
  std::vector<std::string> subjects;
  for (int i = 0; i < 40; ++i) subjects.push_back(fmt::format("s{}", i));
  const auto affine = pool.map_async([](const std::string& s) { return s + "-affine"; }, subjects);
  const auto warp = pool.map_async(
      [](const std::string& s, const std::string& a) { return s + ":" + a + "-warp"; }, subjects, affine);
  const auto report = pool.apply_async(
      [](const std::vector<std::string>& all, const std::string& last) {
        return std::to_string(all.size()) + all.front() + last;
      },
      warp, warp[39]);
  EXPECT_EQ(report.get(), "40s0:s0-affine-warps39:s39-affine-warp");
  const auto warps = warp.get();
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(warps[i], subjects[i] + ":" + subjects[i] + "-affine-warp");
}

TEST_P(job_futures_of, one_call_may_be_temporaries) {
  double sum = 0;
  for (const double value : pool.apply_async([] { return std::vector<double>(1000, 1.0); }).get())
    sum += value;
  EXPECT_EQ(sum, 1000);
  static_assert(!std::is_reference_v<decltype(pool.apply_async([] { return 1; }).get())>);
}

TEST_P(job_futures_of, a_first_stage_are_taken_within_tuples) {
  const auto base = pool.apply_async([] { return 100; });
  std::vector<std::tuple<int, job_future<int>>> pairs;
  for (int i = 0; i < 10; ++i) pairs.emplace_back(i, base);
  const auto sums = pool.starmap_async([](int a, int b) { return a + b; }, pairs);
  EXPECT_EQ(sums.get()[9], 109);
  // And one by one, as the practical does it.
  std::vector<job_future<int>> second;
  for (int i = 0; i < 10; ++i)
    second.push_back(pool.apply_async([](int a, int b) { return a * b; }, i, sums[std::size_t(i)]));
  for (int i = 0; i < 10; ++i) EXPECT_EQ(second[std::size_t(i)].get(), i * (100 + i));
  EXPECT_EQ(pool.map([](int x) { return x + 1; }, second)[2], 205);
}

TEST_P(job_futures_of, a_second_stage_begin_before_the_first_stage_is_over) {
  // A job of the first stage that waits for one of the second stage.
  if (host.size() == 1) return;
  shared_array<int> marks(host, {1});
  const std::atomic_ref second_stage(marks.data()[0]);
  const auto first = pool.map_async(
      [&](std::size_t i) { return i != 0 || comes_true([&] { return second_stage.load() > 0; }); },
      std::views::iota(std::size_t{0}, 2 * ranks));
  const auto second = pool.map_async(
      [&](bool in_time) {
        second_stage.fetch_add(1);
        return in_time;
      },
      first);
  EXPECT_TRUE(second.get().front());
  marks.synchronize();
}

TEST_P(job_futures_of, many_stages_run_in_one_chain) {
  auto stage = pool.map_async([](int i) { return i; }, std::views::iota(0, 25));
  for (int i = 0; i < 10; ++i) stage = pool.map_async([](int x) { return x + 1; }, stage);
  EXPECT_EQ(std::ranges::max(stage.get()), 34);
}

TEST_P(job_futures_of, jobs_become_ready_while_a_rank_does_other_things) {
  const auto squares = pool.map_async([](int i) { return i * i; }, std::views::iota(0, 20));
  const auto later = pool.map_async([](int i) { return i + 1; }, squares);
  std::size_t polls = 0;
  while (!later.ready()) {
    ASSERT_LE(++polls, 40U);
  }
  if (ranks == 1) {
    EXPECT_EQ(polls, 19U) << "one chain of jobs at each call";
  }
  EXPECT_TRUE(squares.ready());
  EXPECT_EQ(later.get().back(), 362);
}

TEST_P(job_futures_of, an_unfinished_poll_are_finished_by_waiting) {
  const auto squares = pool.map_async([](int i) { return i * i; }, std::views::iota(0, 200));
  squares.ready();
  const auto more = pool.map_async([](int i) { return -i; }, std::views::iota(0, 10));
  EXPECT_EQ(squares.get()[199], 199 * 199);
  more.wait();
  EXPECT_TRUE(more.ready());
  EXPECT_EQ(more[3].get(), -3);
}

TEST_P(job_futures_of, inputs_are_kept_or_referred_to) {
  std::vector<int> input{1, 2, 3};
  const auto copied = pool.map_async([](int i) { return i; }, input);
  const auto referred = pool.map_async([](int i) { return i; }, std::cref(input));
  input = {4, 5, 6};
  EXPECT_EQ(copied.get(), (std::vector{1, 2, 3}));
  EXPECT_EQ(referred.get(), (std::vector{4, 5, 6}));
}

TEST_P(job_futures_of, a_scope_are_run_at_its_end) {
  const auto results = pool.submitting([](double a, double b) { return a + b; },
                                       [](auto submit) {
                                         for (const double a : {1., 2., 3.})
                                           for (const double b : {10., 20.}) submit(a, b);
                                       });
  EXPECT_EQ(results, (std::vector<double>{11, 21, 12, 22, 13, 23}));
  const auto with_context = pool.submitting([](int, job_context& job) { return job.index(); },
                                            [](auto submit) { submit(5), submit(6); });
  EXPECT_EQ(with_context, (std::vector<std::size_t>{0, 1}));
}

TEST_P(job_futures_of, a_pool_that_has_ended_say_so) {
  const log_level_scope silent(log_level::error);
  auto made = [&] {
    job_pool gone(world);
    const auto done = gone.apply_async([] { return 1; });
    EXPECT_EQ(done.get(), 1);
    return std::pair(done, gone.apply_async([] { return 2; }));
  }();
  EXPECT_EQ(made.first.get(), 1);
  EXPECT_THROW(made.second.get(), error);
}

TEST_P(job_futures_of, all_kinds_run_when_the_pool_waits) {
  shared_array<int> marks(host, {30});
  pool.map_async([&](int i) { marks.data()[i] = i + 1; }, std::views::iota(0, 30));
  pool.wait();
  std::vector<int> expected(30);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(of_all_hosts(marks), expected);
  pool.wait();
}

}  // namespace
