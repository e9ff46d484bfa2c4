#include <chrono>
#include <cmath>
#include <limits>
#include <ranges>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "pools.hpp"

using namespace std::chrono_literals;
using namespace weir;

namespace {

/// Whose serializer reads more than it wrote.
struct short_reader {
  std::string text;
};

/// Whose serializer does not write 8, after it has begun.
struct no_eight {
  int number = 0;
};

}  // namespace

template <>
struct weir::serializer<short_reader> {
  static void write(byte_writer& to, const short_reader&) { to.write(std::uint8_t{1}); }
  static short_reader read(byte_reader& from) {
    from.next(std::size_t{1} << 30);
    return {};
  }
};

template <>
struct weir::serializer<no_eight> {
  static void write(byte_writer& to, const no_eight& value) {
    to.write(value.number);
    if (value.number == 8) throw std::runtime_error("8 cannot be written");
  }
  static no_eight read(byte_reader& from) { return {from.read<int>()}; }
};

namespace {

class job_failures : public pools {};
WEIR_INSTANTIATE_POOLS(job_failures);

double fails_on_8(int x) {
  if (x == 8) throw std::runtime_error("cannot work on 8");
  return x / 2.0;
}
const std::vector<int> numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

TEST_P(job_failures, are_thrown_on_all_ranks_after_all_jobs_have_ended) {
  for (int round = 0; round < 3; ++round) {
    try {
      pool.with({.name = "half"}).map(fails_on_8, numbers);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const jobs_failed& e) {
      EXPECT_STREQ(e.what(), "1 of 12 jobs failed; the first: half 8 (input 8) failed: cannot work on 8");
      ASSERT_EQ(e.failures().size(), 1U);
      EXPECT_EQ(e.failures()[0].job, 8U);
      EXPECT_EQ(e.failures()[0].input, "8");
      EXPECT_EQ(e.failures()[0].how, job_end::threw);
      EXPECT_EQ(e.rank(), world.rank());
    }
  }
}

TEST_P(job_failures, are_returned_with_the_results_of_the_others) {
  const auto outcomes = pool.try_map(fails_on_8, numbers);
  ASSERT_EQ(outcomes.size(), numbers.size());
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_EQ(outcomes[i].has_value(), i != 8);
    if (i != 8) {
      EXPECT_EQ(outcomes[i].value(), double(i) / 2);
    }
  }
  EXPECT_EQ(outcomes[8].failure().reason, "cannot work on 8");
  EXPECT_EQ(outcomes[8].value_or(-1), -1);
  EXPECT_THROW(outcomes[8].value(), error);
}

TEST_P(job_failures, are_replaced_by_a_value) {
  const auto results = pool.map_or(std::numeric_limits<double>::quiet_NaN(), fails_on_8, numbers);
  for (std::size_t i = 0; i < results.size(); ++i) EXPECT_EQ(std::isnan(results[i]), i == 8);
}

TEST_P(job_failures, of_all_jobs_and_of_any_exception_leave_a_pool_that_works) {
  const auto all = pool.try_map([](int x) -> int { throw x; }, numbers);
  for (const auto& outcome : all) EXPECT_EQ(outcome.failure().reason, "an exception of an unknown type");
  const auto coded = pool.try_map([](int) -> int { throw error(exit_code::bad_data, "no"); }, numbers);
  EXPECT_EQ(coded[3].failure().code, exit_code::bad_data);
  try {
    pool.map([](int) -> int { throw error(exit_code::bad_data, "no"); }, numbers);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const agreed_error& e) {
    EXPECT_EQ(e.code(), exit_code::bad_data);
  }
  EXPECT_EQ(pool.map([](int x) { return x; }, numbers), numbers);
}

TEST_P(job_failures, of_asynchronous_jobs_wait_until_they_are_asked_for) {
  const auto all = pool.map_async(fails_on_8, numbers);
  const auto one = pool.apply_async([](int x) { return x + 1; }, 4);
  const auto bad = pool.apply_async(fails_on_8, 8);
  EXPECT_EQ(one.get(), 5);
  EXPECT_THROW(bad.get(), jobs_failed);
  EXPECT_THROW(all.get(), jobs_failed);
  EXPECT_EQ(all[7].get(), 3.5);
  EXPECT_THROW(all[8].get(), jobs_failed);
  EXPECT_FALSE(all[8].outcome().has_value());
}

TEST_P(job_failures, pass_to_the_jobs_that_take_their_results) {
  const auto first = pool.map_async(fails_on_8, numbers);
  const auto second = pool.map_async([](double x) { return x + 1; }, first);
  const auto sum = pool.apply_async([](const std::vector<double>& all) { return all.size(); }, second);
  const auto outcomes = second.outcomes();
  EXPECT_EQ(outcomes[7].value(), 4.5);
  EXPECT_EQ(outcomes[8].failure().how, job_end::input_failed);
  EXPECT_NE(outcomes[8].failure().reason.find("cannot work on 8"), std::string::npos);
  EXPECT_EQ(outcomes[8].record().rank, -1) << "the job was not run";
  EXPECT_EQ(sum.outcome().failure().how, job_end::input_failed);
}

TEST_P(job_failures, come_from_a_timeout_that_a_job_obeys) {
  const auto outcomes = pool.with({.timeout = 300ms})
                            .try_map(
                                [](int x, job_context& job) {
                                  while (x == 2 && !job.stop_requested()) std::this_thread::sleep_for(1ms);
                                  if (x == 3) {
                                    for (;;) {
                                      job.stop_point();
                                      std::this_thread::sleep_for(1ms);
                                    }
                                  }
                                  return x;
                                },
                                std::vector{0, 1, 2, 3});
  EXPECT_EQ(outcomes[0].value(), 0);
  EXPECT_EQ(outcomes[1].value(), 1);
  for (const std::size_t late : {2U, 3U}) {
    ASSERT_FALSE(outcomes[late].has_value());
    EXPECT_EQ(outcomes[late].failure().how, job_end::timed_out);
    EXPECT_GE(outcomes[late].record().seconds, 0.3F);
  }
}

TEST_P(job_failures, of_a_serializer_end_the_call_on_all_ranks) {
  if (ranks == 1) return;
  auto unread = pool.map_async([](int) { return short_reader{}; }, numbers);
  EXPECT_THROW(unread.get(), agreed_error);
  EXPECT_THROW(unread.get(), jobs_failed) << "and stay without results";
  EXPECT_EQ(pool.map([](int x) { return x; }, numbers), numbers) << "the pool goes on";
}

TEST_P(job_failures, of_results_that_cannot_be_written_are_those_of_their_jobs) {
  const auto outcomes = pool.try_map([](int x) { return no_eight{x}; }, numbers);
  for (const int x : numbers) {
    const auto& outcome = outcomes[std::size_t(x)];
    if (x != 8 || ranks == 1) {
      ASSERT_TRUE(outcome.has_value()) << x;
      EXPECT_EQ(outcome.value().number, x);
    } else {
      ASSERT_FALSE(outcome.has_value());
      EXPECT_EQ(outcome.failure().sentence(),
                outcomes[8].failure().name + " 8 (input 8) failed: 8 cannot be written");
      EXPECT_EQ(outcome.failure().how, job_end::threw);
    }
  }
}

TEST_P(job_failures, of_inputs_that_are_computed_when_they_are_taken) {
  const auto loaded = numbers | std::views::transform([](int x) {
                        if (x == 8) throw std::runtime_error("8 cannot be loaded");
                        return double(x);
                      });
  const auto halves = pool.map_or(
      -1.0, [](double x) { return x / 2; }, loaded);
  for (const int x : numbers) EXPECT_EQ(halves[std::size_t(x)], x == 8 ? -1.0 : x / 2.0);
}

}  // namespace
