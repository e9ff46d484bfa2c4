#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <ranges>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include <weir/jobs.hpp>

/// What the job pool costs: `mpirun -n 2 bench_jobs [RANKS_PER_DOMAIN]`. Each line is the best and the median
/// of several rounds; job_pool_peer.py measures the same of Python's multiprocessing.Pool.
namespace {

using clock_type = std::chrono::steady_clock;
using seconds = std::chrono::duration<double>;

constexpr int rounds = 7;

template <class F>
std::vector<double> times(const weir::communicator& world, F&& f) {
  std::vector<double> all;
  for (int round = 0; round < rounds; ++round) {
    world.barrier();
    const auto begin = clock_type::now();
    f();
    all.push_back(world.all_reduce(seconds(clock_type::now() - begin).count(), weir::reduction::max));
  }
  std::ranges::sort(all);
  return all;
}

void show(const weir::communicator& world, const std::string& what, const std::string& best,
          const std::string& median) {
  if (world.rank() == 0) fmt::print("{:<52} best {:>12}   median {:>12}\n", what, best, median);
}

void empty_jobs(const weir::communicator& world, const weir::job_pool& pool, int jobs) {
  const auto all = times(world, [&] { pool.map([](int i) { return i; }, std::views::iota(0, jobs)); });
  const auto rate = [&](double time) { return fmt::format("{:.0f}/s", jobs / time); };
  show(world, fmt::format("{} empty jobs", jobs), rate(all.front()), rate(all[rounds / 2]));
}

/// Part of perfect balance that 1,000 jobs of very different lengths reach: the time that jobs took, over the
/// time that ranks had. They sleep, so that what else the machine does is not measured.
void uneven_jobs(const weir::communicator& world, const weir::job_pool& pool) {
  constexpr int jobs = 1000;
  std::mt19937 random(1);
  std::lognormal_distribution<double> length(std::log(1e-3), 1.0);
  std::vector<double> lengths(jobs);
  std::ranges::generate(lengths, [&] { return length(random); });
  std::vector<double> parts;
  times(world, [&] {
    const auto begin = clock_type::now();
    const auto outcomes =
        pool.try_map([](double time) { std::this_thread::sleep_for(seconds(time)); }, lengths);
    const double wall = world.all_reduce(seconds(clock_type::now() - begin).count(), weir::reduction::max);
    double busy = 0;
    for (const auto& outcome : outcomes) busy += outcome.record().seconds;
    parts.push_back(100 * busy / (wall * world.size()));
  });
  std::ranges::sort(parts, std::greater());
  show(world,
       fmt::format("{} uneven jobs, longest {:.0f} times the shortest", jobs,
                   std::ranges::max(lengths) / std::ranges::min(lengths)),
       fmt::format("{:.1f} %", parts.front()), fmt::format("{:.1f} %", parts[rounds / 2]));
}

/// What a process of its own costs, for ranks that hold `mebibytes` of memory that they have written to.
void isolated_jobs(const weir::communicator& world, const weir::job_pool& pool, std::size_t mebibytes) {
  constexpr int jobs = 40;
  const std::vector<char> held(mebibytes << 20, 1);
  const auto all = times(
      world, [&] { pool.with({.isolated = true}).map([](int i) { return i; }, std::views::iota(0, jobs)); });
  const auto cost = [&](double time) { return fmt::format("{:.2f} ms", 1e3 * time / jobs * world.size()); };
  show(world, fmt::format("an isolated job, rank holds {} MiB", mebibytes), cost(all.front()),
       cost(all[rounds / 2]));
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    const auto domains = weir::domain_choice::parse(argc > 1 ? argv[1] : "node");
    const weir::job_pool pool(env, domains);
    if (env.world().rank() == 0) {
      fmt::print("{} ranks in {} domains\n", env.world().size(), pool.places().domains());
    }
    for (const int jobs : {1, 1000, 100000, 1000000}) empty_jobs(env.world(), pool, jobs);
    uneven_jobs(env.world(), pool);
    for (const std::size_t mebibytes : {0, 64, 256}) isolated_jobs(env.world(), pool, mebibytes);
    return weir::exit_code::done;
  });
}
