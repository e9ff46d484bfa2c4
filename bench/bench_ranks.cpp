#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/partition.hpp>
#include <weir/shm/event.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/topology.hpp>

/// How the ranks that share a window share its filtering: `mpirun -n 2 bench_ranks`. Rank 0 filters all rows
/// alone, and then every rank its own, in turn; the window has been touched, and no rank has memory of its
/// own but the scratch. Memory's own limit, x = a x + b over the same rows, is measured in the same run: what
/// ranks gain there is the most that they can gain where they wait for memory.
namespace {

using weir::communicator;
using weir::index_range;

constexpr std::size_t row_samples = 400'000;
constexpr std::size_t window_bytes = std::size_t{128} << 20;  // more than caches hold
constexpr std::size_t rounds = 15;
constexpr std::array<std::size_t, 3> numbers_of_taps{15, 321, 3301};

/// Seconds of the wall's clock, and of this thread's processor time: on a machine that others use too, the
/// latter leaves out the time in which they had the processor.
struct times {
  double wall = 0;
  double processor = 0;
};

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

template <class F>
times times_of(F&& work) {
  const auto begin = std::chrono::steady_clock::now();
  const double processor_begin = processor_seconds();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(),
          processor_seconds() - processor_begin};
}

times best_of(const std::vector<times>& all) {
  const auto wall = std::ranges::min(all, {}, &times::wall).wall;
  return {wall, std::ranges::min(all, {}, &times::processor).processor};
}

/// Best times of one rank with all rows, and of the slowest rank with its own.
struct comparison {
  times alone;
  times together;
};

template <class T>
comparison compare(const communicator& node, weir::shared_array<T>& samples, const auto& take_row) {
  const auto take_rows = [&](index_range rows) {
    for (std::size_t row = rows.begin; row < rows.end; ++row) take_row(samples.row(row));
  };
  weir::event done(node);
  std::vector<times> alone;
  std::vector<times> together;
  for (std::size_t round = 0; round < rounds; ++round) {
    node.barrier();
    if (node.rank() == 0) {
      alone.push_back(times_of([&] { take_rows({0, samples.rows()}); }));
      done.set();
    }
    done.wait();  // asleep: a rank in a barrier keeps a processor busy
    node.barrier();
    if (node.rank() == 0) done.clear();
    node.barrier();
    const times own = times_of([&] { take_rows(samples.own_rows()); });
    together.push_back({node.all_reduce(own.wall, weir::reduction::max),
                        node.all_reduce(own.processor, weir::reduction::max)});
  }
  return {alone.empty() ? times{} : best_of(alone), best_of(together)};
}

template <class T>
void compare_all(const communicator& node, std::string_view type) {
  const auto ranks = static_cast<std::size_t>(node.size());
  const std::size_t rows = weir::round_up(window_bytes / sizeof(T) / row_samples, ranks);
  weir::shared_array<T> samples(node, {rows, row_samples});
  const index_range own = samples.own_rows();
  for (std::size_t row = own.begin; row < own.end; ++row) {
    for (std::size_t i = 0; i < row_samples; ++i) samples.row(row)[i] = static_cast<T>(1 + i % 1013);
  }
  const double millions = static_cast<double>(rows * row_samples) / 1e6;
  double limit = 0;  // what memory allows all ranks together
  const auto report = [&](std::string_view what, const comparison& seen) {
    const auto& [alone, together] = seen;
    if (node.rank() != 0) return;
    const double rate = millions / together.wall;
    if (limit == 0) limit = rate;
    fmt::print("{:<5}{:>7}{:>12.0f}{:>12.0f}{:>10.2f}{:>19.2f}{:>11.2f}\n", type, what, millions / alone.wall,
               rate, alone.wall / together.wall, alone.processor / together.processor, rate / limit);
  };
  report("memory", compare(node, samples, [](std::span<T> row) {
           for (T& x : row) x = T(0.5) * x + T(0.5);
         }));
  for (const std::size_t taps : numbers_of_taps) {
    const auto radius = static_cast<double>(taps / 2);
    const weir::fir::row_filter<T> filter(
        weir::fir::with_phase(weir::fir::gaussian_taps({.sigma = radius / 4}), weir::fir::phase::zero));
    auto work = filter.make_scratch();
    report(std::to_string(taps),
           compare(node, samples, [&](std::span<T> row) { weir::fir::filter_row(filter, {}, row, work); }));
  }
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    if (env.world().rank() == 0) {
      fmt::print(
          "million samples a second of one rank, of {} in one window, and what they gain\n"
          "type    taps    one rank   all ranks      gain  in processor time  of memory\n",
          env.node().size());
    }
    compare_all<double>(env.node(), "f64");
    compare_all<float>(env.node(), "f32");
    return weir::exit_code::done;
  });
}
