#pragma once

#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include <weir/jobs.hpp>
#include <weir/topology.hpp>

/// Every test runs with domains of all ranks, of pairs and of single ranks, which act as nodes.
class pools : public testing::TestWithParam<const char*> {
 protected:
  weir::communicator world = weir::communicator::world();
  weir::job_pool pool{world, weir::domain_choice::parse(GetParam())};
  std::size_t ranks = static_cast<std::size_t>(world.size());
};

/// Waits for what other jobs are to do, so that a test hangs for a while and fails if they do not.
template <class F>
bool comes_true(F&& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline std::string domain_name(const testing::TestParamInfo<const char*>& choice) {
  return choice.param == std::string("node") ? std::string("of_all") : std::string("of_") + choice.param;
}

#define WEIR_INSTANTIATE_POOLS(suite) \
  INSTANTIATE_TEST_SUITE_P(domains, suite, testing::Values("node", "2", "1"), domain_name)
