#include <array>
#include <cmath>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <benchmark/benchmark.h>

#include <weir/error.hpp>
#include <weir/fir/gaussian.hpp>
#include <weir/fir/row_filter.hpp>

#include "limits.hpp"
#ifdef WEIR_BENCH_HAS_FFTW
#include "fftw_overlap_save.hpp"
#endif

// Cases: filter_row/<f64|f32|i16|i32>/<auto|direct|fft>/<taps>, fftw/<f64|f32>/<taps>, and the machine's
// limits fma_peak/<f64|f32> and memory_in_place/<f64|f32>. One thread; items are samples, or multiply-adds.
// Rows of i16 are filtered in float32, those of i32 in float64, as the program does.
namespace weir::bench {
namespace {

constexpr std::size_t row_samples = 400'000;
/// Rows are taken in turn from a recording larger than the last-level cache, as a job meets them.
constexpr std::size_t recording_bytes = std::size_t{128} << 20;
constexpr std::array<std::size_t, 9> numbers_of_taps{15, 31, 63, 127, 321, 1025, 2001, 3301, 6601};
constexpr std::size_t most_direct_taps = 1025;  // more would only cost time
constexpr std::size_t multiply_add_rounds = 10'000;

template <class S>
constexpr const char* type_name = nullptr;
template <>
constexpr const char* type_name<double> = "f64";
template <>
constexpr const char* type_name<float> = "f32";
template <>
constexpr const char* type_name<std::int32_t> = "i32";
template <>
constexpr const char* type_name<std::int16_t> = "i16";

/// What rows of S are filtered in.
template <class S>
using arithmetic_of =
    std::conditional_t<std::is_same_v<S, double> || std::is_same_v<S, std::int32_t>, double, float>;

/// What samples are around.
template <class S>
constexpr double amplitude = std::is_integral_v<S> ? 1000 : 1;

/// Centred smoothing taps whose sum is one: rows that are filtered again and again stay ordinary numbers.
fir::filter_spec smoothing(std::size_t taps) {
  const double radius = static_cast<double>(taps / 2);
  return fir::with_phase(fir::gaussian_taps({.sigma = radius / 4}), fir::phase::zero);
}

template <class T>
class recording {
 public:
  recording() : samples_(recording_bytes / sizeof(T) / row_samples * row_samples) {
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      samples_[i] =
          static_cast<T>(amplitude<T> * (1 + 0.5 * std::sin(0.01 * static_cast<double>(i % 100'003))));
    }
  }

  std::span<T> next_row() {
    const std::span<T> row = samples_.span().subspan(next_, row_samples);
    next_ = next_ + row_samples == samples_.size() ? 0 : next_ + row_samples;
    return row;
  }

 private:
  fir::aligned_buffer<T> samples_;
  std::size_t next_ = 0;
};

template <class T>
recording<T>& shared_recording() {
  static recording<T> one;
  return one;
}

template <class S>
void filter_row_case(benchmark::State& state, fir::method how, std::size_t taps) {
  const fir::row_filter<arithmetic_of<S>> filter(smoothing(taps), how);
  auto work = filter.make_scratch();
  recording<S>& rows = shared_recording<S>();
  for (auto _ : state) {
    fir::filter_row(filter, {}, rows.next_row(), work);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * row_samples));
  state.SetLabel(std::string(filter.engine()) + " N=" + std::to_string(filter.fft_size()) + " " +
                 std::string(name_of(filter.instructions())));
}

#ifdef WEIR_BENCH_HAS_FFTW
template <class T>
void fftw_case(benchmark::State& state, std::size_t taps) {
  const fir::filter_spec spec = smoothing(taps);
  fftw_overlap_save<T> filter(spec.taps);
  recording<T>& rows = shared_recording<T>();
  for (auto _ : state) {
    filter(rows.next_row());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * row_samples));
  state.SetLabel("N=" + std::to_string(filter.length()));
}
#endif

template <class T>
const limits<T>& limits_of(const limits<float>& of_float, const limits<double>& of_double) {
  if constexpr (std::is_same_v<T, float>) {
    return of_float;
  } else {
    return of_double;
  }
}

template <class T>
const limits<T>& limits_here() {
  switch (fir::best_instruction_set()) {
#if defined(__aarch64__)
    case fir::instruction_set::neon:
      return limits_of<T>(neon_float_limits, neon_double_limits);
#elif defined(__x86_64__)
    case fir::instruction_set::avx2:
      return limits_of<T>(avx2_float_limits, avx2_double_limits);
    case fir::instruction_set::avx512:
      return limits_of<T>(avx512_float_limits, avx512_double_limits);
#endif
    default:
      return limits_of<T>(baseline_float_limits, baseline_double_limits);
  }
}

template <class T>
void fma_peak_case(benchmark::State& state) {
  double done = 0;
  T result{};
  for (auto _ : state) {
    done += limits_here<T>().multiply_adds(multiply_add_rounds, &result);
    benchmark::DoNotOptimize(result);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(done));
}

template <class T>
void memory_case(benchmark::State& state) {
  recording<T>& rows = shared_recording<T>();
  for (auto _ : state) {
    limits_here<T>().rewrite(rows.next_row());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * row_samples));
}

template <class... Arguments>
void add_case(const std::string& name, Arguments... how) {
  benchmark::RegisterBenchmark(name.c_str(), how...)->Unit(benchmark::kMicrosecond);
}

template <class S>
void register_rows(std::size_t taps) {
  const auto add = [&](const char* engine, fir::method how) {
    add_case(std::string("filter_row/") + type_name<S> + "/" + engine + "/" + std::to_string(taps),
             filter_row_case<S>, how, taps);
  };
  add("auto", fir::method::automatic);
  if (std::is_integral_v<S>) return;
  if (taps <= most_direct_taps) add("direct", fir::method::direct);
  add("fft", fir::method::fft);
}

template <class T>
void register_cases() {
  const std::string type = type_name<T>;
  add_case("fma_peak/" + type, fma_peak_case<T>);
  add_case("memory_in_place/" + type, memory_case<T>);
  for (const std::size_t taps : numbers_of_taps) {
    register_rows<T>(taps);
#ifdef WEIR_BENCH_HAS_FFTW
    add_case("fftw/" + type + "/" + std::to_string(taps), fftw_case<T>, taps);
#endif
  }
}

}  // namespace
}  // namespace weir::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return static_cast<int>(weir::exit_code::usage);
  weir::bench::register_cases<double>();
  weir::bench::register_cases<float>();
  for (const std::size_t taps : weir::bench::numbers_of_taps) {
    weir::bench::register_rows<std::int16_t>(taps);
    weir::bench::register_rows<std::int32_t>(taps);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
