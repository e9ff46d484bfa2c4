#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include <weir/mpi/environment.hpp>

/// The memory bandwidth that all ranks reach together, as JSON: `mpirun -n 2 bench_stream`. The triad
/// a = b + s c of McCalpin's STREAM, on arrays of 64 MiB a rank, which no cache holds; three arrays of bytes
/// count as moved, as they do there. The best of several rounds, each as long as its slowest rank.
namespace {

using clock_type = std::chrono::steady_clock;

constexpr std::size_t samples = std::size_t{64} * 1024 * 1024 / sizeof(double);
constexpr int rounds = 8;

double triad_seconds(std::vector<double>& a, const std::vector<double>& b, const std::vector<double>& c,
                     double s) {
  const auto begin = clock_type::now();
  for (std::size_t i = 0; i < samples; ++i) a[i] = b[i] + s * c[i];
  return std::chrono::duration<double>(clock_type::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    const weir::communicator& world = env.world();
    std::vector<double> a(samples, 0.0);
    const std::vector<double> b(samples, 1.0);
    const std::vector<double> c(samples, 2.0);
    double best = 0;
    for (int round = 0; round < rounds; ++round) {
      world.barrier();
      const double seconds =
          world.all_reduce(triad_seconds(a, b, c, static_cast<double>(round)), weir::reduction::max);
      const double bytes = 3.0 * static_cast<double>(samples * sizeof(double)) * world.size();
      best = std::max(best, bytes / seconds);
    }
    const bool is_right = a[samples / 2] == 1.0 + 2.0 * (rounds - 1);
    if (world.rank() == 0)
      fmt::print("{{\"ranks\": {}, \"bytes_per_second\": {:.6g}}}\n", world.size(), best);
    return world.all_of(is_right) ? weir::exit_code::done : weir::exit_code::internal;
  });
}
