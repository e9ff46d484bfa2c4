// The variance of 25 arrays of 100,000 random numbers. The arrays are made by the jobs, so that none travels,
// and are the same on any number of ranks.
#include <cmath>
#include <random>
#include <ranges>

#include <weir/jobs.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const weir::job_pool pool(env);
    const std::vector<double> variances = pool.with({.seed = 42})
                                              .map(
                                                  [](int, weir::job_context& job) {
                                                    std::normal_distribution<double> normal(5, 2);
                                                    double mean = 0;
                                                    double squares = 0;
                                                    for (int n = 1; n <= 100'000; ++n) {
                                                      const double x = normal(job.random());
                                                      const double before = x - mean;
                                                      mean += before / n;
                                                      squares += before * (x - mean);
                                                    }
                                                    return squares / 100'000;
                                                  },
                                                  std::views::iota(0, 25));

    // Ten standard deviations of an estimate from 100,000 numbers.
    const auto is_near = [](double variance) { return std::abs(variance - 4) < 10 * 4 * std::sqrt(2 / 1e5); };
    const bool right = variances.size() == 25 && std::ranges::all_of(variances, is_near);
    return right ? weir::exit_code::done : weir::exit_code::internal;
  });
}
