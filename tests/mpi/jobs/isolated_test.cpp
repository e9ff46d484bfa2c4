#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include <weir/shm/shared_array.hpp>

#include "pools.hpp"

using namespace std::chrono_literals;
using namespace weir;

namespace {

class isolated_jobs : public pools {
 protected:
  job_submitter isolated = pool.with({.isolated = true});
};
WEIR_INSTANTIATE_POOLS(isolated_jobs);

/// An exception may not leave it.
void ends_by_terminate() noexcept {
  const std::vector<int> empty;
  static_cast<void>(empty.at(3));
}

TEST_P(isolated_jobs, return_their_results_however_long) {
  const auto results = isolated.map([](int i) { return std::vector<int>(std::size_t(i) * 20000, i); },
                                    std::views::iota(0, 10));
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(results[i], std::vector<int>(i * 20000, int(i)));
  }
}

TEST_P(isolated_jobs, crash_exit_and_throw_alone) {
  const auto outcomes = isolated.try_map(
      [](int i, job_context& job) {
        job.log("begins {}", i);
        if (i == 1) std::raise(SIGSEGV);
        if (i == 2) std::abort();
        if (i == 3) std::exit(5);
        if (i == 4) ::_exit(0);
        if (i == 5) throw error(exit_code::bad_data, "five is bad");
        if (i == 6) ends_by_terminate();
        if (i == 7) ::kill(::getpid(), SIGKILL);
        return i;
      },
      std::views::iota(0, 16));
  const auto expect = [&](std::size_t i, job_end how, const std::string& part) {
    ASSERT_FALSE(outcomes[i].has_value()) << i;
    EXPECT_EQ(outcomes[i].failure().how, how) << i;
    EXPECT_NE(outcomes[i].failure().reason.find(part), std::string::npos) << outcomes[i].failure().reason;
  };
  expect(1, job_end::killed, "signal 11");
  expect(2, job_end::killed, "signal 6");
  expect(3, job_end::exited, "code 5");
  expect(4, job_end::exited, "code 0");
  expect(5, job_end::threw, "five is bad");
  EXPECT_EQ(outcomes[5].failure().code, exit_code::bad_data);
  expect(6, job_end::killed, "signal 6");
  expect(7, job_end::killed, "signal 9");
  for (const std::size_t i : {0U, 8U, 9U, 15U}) EXPECT_EQ(outcomes[i].value(), int(i));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].record().log, std::vector<std::string>{fmt::format("begins {}", i)}) << i;
  }
  EXPECT_EQ(pool.map([](int i) { return i; }, std::vector{3}), std::vector{3});
}

TEST_P(isolated_jobs, are_killed_when_their_time_is_over) {
  const auto outcomes = pool.with({.timeout = 1s, .isolated = true})
                            .try_map(
                                [](int i) {
                                  for (std::atomic<int> forever = 0; i == 1; ++forever) {
                                  }
                                  return i;
                                },
                                std::views::iota(0, 8));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].has_value(), i != 1);
    if (i == 1) {
      EXPECT_EQ(outcomes[i].failure().how, job_end::timed_out);
    }
  }
  // None is left behind, not even as a zombie.
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

/// Whether a process has ended, if perhaps without anybody's notice yet.
bool has_ended(pid_t id) {
  std::ifstream stat(fmt::format("/proc/{}/stat", id));
  std::string number;
  std::string name;
  char state = 'X';
  stat >> number >> name >> state;
  return state == 'X' || state == 'Z';
}

TEST_P(isolated_jobs, take_the_processes_they_started_with_them) {
  const auto outcome = pool.with({.timeout = 500ms, .isolated = true})
                           .try_map(
                               [](int, job_context& job) {
                                 const pid_t id = ::fork();
                                 if (id != 0) job.log("{}", id);
                                 std::this_thread::sleep_for(20s);
                               },
                               std::vector{0});
  EXPECT_EQ(outcome[0].failure().how, job_end::timed_out);
  ASSERT_EQ(outcome[0].record().log.size(), 1U);
  const pid_t grandchild = std::stoi(outcome[0].record().log[0]);
  bool is_gone = false;
  for (int look = 0; look < 1000 && !is_gone; ++look) {
    is_gone = has_ended(grandchild);
    if (!is_gone) std::this_thread::sleep_for(10ms);
  }
  EXPECT_TRUE(is_gone);
}

TEST_P(isolated_jobs, leave_the_memory_of_the_rank_as_it_was) {
  std::vector<int> own(20);
  isolated.map([&](int i) { own[std::size_t(i)] = i + 1; }, std::views::iota(0, 20));
  EXPECT_EQ(own, std::vector<int>(20));
}

TEST_P(isolated_jobs, store_in_shared_memory_what_others_see) {
  const topology places(world, domain_choice::parse(GetParam()));
  shared_array<int> stored(places.domain(), {20});
  isolated.map([&](int i) { stored.data()[i] = i + 1; }, std::views::iota(0, 20));
  stored.synchronize();
  std::vector<int> all(stored.elements().begin(), stored.elements().end());
  if (places.domain().rank() != 0) std::ranges::fill(all, 0);
  world.all_reduce(std::span(all), reduction::sum);
  std::vector<int> expected(20);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(all, expected) << "each job ran once, in one domain";
}

TEST_P(isolated_jobs, have_the_random_numbers_of_others) {
  const auto draw = [](int, job_context& job) { return job.random()(); };
  const auto drawn = isolated.map(draw, std::views::iota(0, 5));
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(drawn[i], philox(0, 0, i)());
}

TEST_P(isolated_jobs, feed_later_jobs) {
  const auto first =
      isolated.map_async([](int i) { return std::string(std::size_t(i), 'a'); }, std::views::iota(0, 9));
  const auto second = isolated.map_async([](const std::string& s) { return s + "b"; }, first);
  EXPECT_EQ(second.get()[3], "aaab");
}

}  // namespace
