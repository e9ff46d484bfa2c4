// A job that fails on 8, in three ways: another value in its place, the failure returned, and the failure
// thrown on all ranks after all jobs have ended.
#include <cmath>
#include <limits>

#include <weir/jobs.hpp>

double half(int x) {
  if (x == 8) throw std::runtime_error("cannot work on 8");
  return x / 2.0;
}

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const weir::job_pool pool(env);
    const std::vector<int> numbers{7, 8, 9};

    const std::vector<double> filled = pool.map_or(std::numeric_limits<double>::quiet_NaN(), half, numbers);
    bool right = filled[0] == 3.5 && std::isnan(filled[1]) && filled[2] == 4.5;

    const auto outcomes = pool.try_map(half, numbers);
    right &= outcomes[0].value() == 3.5 && outcomes[1].failure().reason == "cannot work on 8";

    try {
      pool.map(half, numbers);
      right = false;
    } catch (const weir::jobs_failed& e) {
      right &= e.failures().size() == 1 && e.failures()[0].input == "8";
    }
    return right ? weir::exit_code::done : weir::exit_code::internal;
  });
}
