#include <numeric>
#include <stdexcept>
#include <vector>

#include <weir/split.hpp>

#include "pools.hpp"

using namespace weir;

namespace {

/// Jobs that call splits of an array which the ranks of a host share: each job is a rank's own.
class splits_in_jobs : public pools {
 protected:
  splits_in_jobs() : x(host, {8, 100}) {
    if (host.rank() == 0) std::iota(x.elements().begin(), x.elements().end(), 0.0);
    x.synchronize();
    jobs.resize(2 * ranks + 1);  // not as many for all ranks
    std::iota(jobs.begin(), jobs.end(), 0);
  }

  double sum_of_multiples(int by) const {
    const auto multiply =
        split_output([by](const auto& rows) { return xt::xarray<double>(rows * double(by)); });
    const shared_array<double> y = multiply(std::as_const(x));
    return std::accumulate(y.elements().begin(), y.elements().end(), 0.0);
  }

  void expect_sums(const std::vector<double>& sums) const {
    ASSERT_EQ(sums.size(), jobs.size());
    for (std::size_t i = 0; i < sums.size(); ++i) EXPECT_EQ(sums[i], 800.0 * 799 / 2 * double(i)) << i;
  }

  shared_array<double> x;
  std::vector<int> jobs;
};
WEIR_INSTANTIATE_POOLS(splits_in_jobs);

TEST_P(splits_in_jobs, run_on_the_rank_of_their_job) {
  expect_sums(pool.map([this](int by) { return sum_of_multiples(by); }, jobs));
  EXPECT_FALSE(alone_scope::is_open());
}

TEST_P(splits_in_jobs, run_in_isolated_jobs) {
  expect_sums(pool.with({.isolated = true}).map([this](int by) { return sum_of_multiples(by); }, jobs));
}

TEST_P(splits_in_jobs, fail_with_their_job) {
  const auto fails = split_at([](const auto&) { throw std::runtime_error("no convergence"); });
  const auto outcomes = pool.try_map(
      [&](int i) {
        if (i == 1) fails(std::as_const(x));
        return i;
      },
      jobs);
  for (std::size_t i = 0; i < outcomes.size(); ++i) EXPECT_EQ(outcomes[i].has_value(), i != 1) << i;
  EXPECT_EQ(split_at([](const auto&) { return 1; })(std::as_const(x)).size(),
            std::min<std::size_t>(8, std::size_t(host.size())));
}

}  // namespace
