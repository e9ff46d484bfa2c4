// A grid search over two parameters, each point scored by cross-validation: ridge regression of a line with
// noise, over the degree of the polynomial and the strength of the penalty.
#include <cmath>
#include <random>

#include <weir/jobs.hpp>

#include "ridge.hpp"

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const samples data = noisy_line(60);
    const std::vector<int> degrees{1, 3, 5, 7};
    const std::vector<double> penalties{1e-6, 1e-3, 1, 1e3};

    const weir::job_pool pool(env);
    const std::vector<double> errors = pool.submitting(
        [&](int degree, double penalty) { return cross_validation_error(data, degree, penalty, 5); },
        [&](auto submit) {
          for (const int degree : degrees)
            for (const double penalty : penalties) submit(degree, penalty);
        });

    const auto best = static_cast<std::size_t>(std::ranges::min_element(errors) - errors.begin());
    const bool finds_a_line =
        degrees[best / penalties.size()] == 1 && penalties[best % penalties.size()] < 1e3;
    return finds_a_line ? weir::exit_code::done : weir::exit_code::internal;
  });
}
