#pragma once

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <weir/jobs.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/topology.hpp>

/// Every test runs with domains of all ranks of a host, of pairs and of single ranks, which act as nodes.
/// Hosts may be several.
class pools : public testing::TestWithParam<const char*> {
 protected:
  weir::communicator world = weir::communicator::world();
  weir::communicator host = world.split_shared();
  weir::job_pool pool{world, weir::domain_choice::parse(GetParam())};
  std::size_t ranks = static_cast<std::size_t>(world.size());

  /// **Collective.** The sums of what every host has counted.
  std::vector<int> of_all_hosts(const weir::shared_array<int>& counts) const {
    counts.synchronize();
    std::vector<int> sums(counts.size());
    if (host.rank() == 0) std::ranges::copy(counts.elements(), sums.begin());
    world.all_reduce(std::span(sums), weir::reduction::sum);
    return sums;
  }
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
