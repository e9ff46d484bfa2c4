// What a split costs beside the work of its function: calls on an array so small that there is none. Run it
// on the number of ranks that is asked about: mpirun -n 2 bench_split
#include <benchmark/benchmark.h>

#include <weir/weir.hpp>

namespace {

/// All ranks take part in every call, so the number of calls must not depend on a rank's own clock.
constexpr int calls = 2'000;
constexpr int allocating_calls = 200;

const weir::communicator& node() {
  static const weir::communicator ranks = weir::communicator::world().split_shared();
  return ranks;
}

weir::shared_array<double> small_array() {
  return {node(), {static_cast<std::size_t>(node().size()) * 4, 16}};
}

constexpr auto nothing = [](auto&) {};
const auto copied = weir::each_row<2>(
    [](std::span<const double> in, std::span<double> out) { std::copy(in.begin(), in.end(), out.begin()); });

/// The floor under a call: two agreements of all ranks.
void two_reductions(benchmark::State& state) {
  for (auto step : state) {
    benchmark::DoNotOptimize(node().all_reduce(1, weir::reduction::min));
    benchmark::DoNotOptimize(node().all_reduce(1, weir::reduction::min));
  }
}

void call_without_results(benchmark::State& state) {
  auto x = small_array();
  const auto split = weir::split_at(nothing);
  for (auto step : state) split(x);
}

void call_in_place(benchmark::State& state) {
  auto x = small_array();
  const auto split = weir::split_optional_output(copied, {.runs_in_place = true});
  for (auto step : state) split(x, weir::in_place);
}

void call_to_given_memory(benchmark::State& state) {
  auto x = small_array();
  auto y = small_array();
  const auto split = weir::split_optional_output(copied);
  for (auto step : state) split(x, weir::out(y));
}

void call_for_numbers(benchmark::State& state) {
  const auto x = small_array();
  const auto split = weir::split_at([](const auto& rows) { return rows.shape(0); });
  for (auto step : state) benchmark::DoNotOptimize(split(x));
}

/// Mostly the price of a window.
void call_to_new_memory(benchmark::State& state) {
  const auto x = small_array();
  const auto split = weir::split_optional_output(copied);
  for (auto step : state) split(x);
}

void new_window(benchmark::State& state) {
  for (auto step : state) small_array();
}

BENCHMARK(two_reductions)->Iterations(calls)->UseRealTime();
BENCHMARK(call_without_results)->Iterations(calls)->UseRealTime();
BENCHMARK(call_in_place)->Iterations(calls)->UseRealTime();
BENCHMARK(call_to_given_memory)->Iterations(calls)->UseRealTime();
BENCHMARK(call_for_numbers)->Iterations(calls)->UseRealTime();
BENCHMARK(call_to_new_memory)->Iterations(allocating_calls)->UseRealTime();
BENCHMARK(new_window)->Iterations(allocating_calls)->UseRealTime();

/// Ranks other than 0 take part without a word.
class silent_reporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    benchmark::Initialize(&argc, argv);
    if (env.world().rank() == 0) {
      benchmark::RunSpecifiedBenchmarks();
    } else {
      silent_reporter silent;
      benchmark::RunSpecifiedBenchmarks(&silent);
    }
    return weir::exit_code::done;
  });
}
