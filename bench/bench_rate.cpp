#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <span>
#include <type_traits>
#include <vector>

#include <weir/fir/design/anti_alias.hpp>
#include <weir/fir/design/windowed_sinc.hpp>
#include <weir/fir/resampler.hpp>

// What a decimating filter costs beside the same filter alone, in turn, on one thread: the best of some
// rounds, each over rows from memory and not from a cache. No filter can be faster than reading the rows is.
namespace weir::bench {
namespace {

constexpr std::size_t row_samples = 400'000;
constexpr std::size_t rows = 20;
constexpr int rounds = 9;

struct decimation {
  std::size_t q;
  std::size_t taps;  ///< 0: those that the decimation brings
};

constexpr std::array cases{decimation{2, 0},   decimation{4, 0},     decimation{10, 0},   decimation{100, 0},
                           decimation{10, 63}, decimation{10, 1025}, decimation{10, 6601}};

/// Of processor time, which leaves out the time that others had the processor.
double seconds_of(const auto& work) {
  const auto now = [] {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  work();
  return now() - begin;
}

template <class T>
void compare(const decimation& what, std::span<T> recording) {
  const fir::band low{fir::band_kind::lowpass, 1 / static_cast<double>(what.q)};
  std::vector<double> taps =
      what.taps == 0 ? fir::decimation_taps(what.q) : fir::windowed_sinc(low, what.taps, {}, 2);
  const fir::filter_spec spec = fir::with_phase(std::move(taps), fir::phase::zero);
  const fir::row_filter<T> alone(spec);
  const fir::row_filter<T> direct(spec, fir::method::direct);
  const fir::resampler<T> kept(spec, {1, what.q});
  auto work = alone.make_scratch();
  auto direct_work = direct.make_scratch();
  auto kept_work = kept.make_scratch();
  std::vector<T> out(row_samples / what.q + 1);

  std::array<double, 3> best{1e9, 1e9, 1e9};
  const auto take = [&](double& least, const auto& filter) {
    least = std::min(least, seconds_of([&] {
                       for (std::size_t r = 0; r < rows; ++r)
                         filter(recording.subspan(r * row_samples, row_samples));
                     }));
  };
  constexpr std::size_t most_direct_taps = 1025;
  for (int round = 0; round < rounds; ++round) {
    take(best[0], [&](std::span<T> row) { fir::filter_row(alone, {}, row, work); });
    if (spec.taps.size() <= most_direct_taps) {
      take(best[1], [&](std::span<T> row) { fir::filter_row(direct, {}, row, direct_work); });
    }
    take(best[2], [&](std::span<T> row) {
      fir::resample_row(kept, {}, std::span<const T>(row), std::span<T>(out), kept_work);
    });
  }
  const auto rate = [](double seconds) { return static_cast<double>(rows * row_samples) / seconds / 1e6; };
  const bool has_direct = spec.taps.size() <= most_direct_taps;
  std::printf("%-4s %5zu %6zu  %10.0f  %10.0f  %10.0f (%s)  %6.1f  %6.1f\n",
              std::is_same_v<T, double> ? "f64" : "f32", what.q, spec.taps.size(), rate(best[0]),
              has_direct ? rate(best[1]) : std::nan(""), rate(best[2]), kept.engine().data(),
              best[0] / best[2], has_direct ? best[1] / best[2] : std::nan(""));
}

/// Millions of samples a second that can be read, and nothing more.
template <class T>
double reading_rate(std::span<const T> recording) {
  using word = std::conditional_t<std::is_same_v<T, double>, std::uint64_t, std::uint32_t>;
  double best = 1e9;
  volatile word seen = 0;
  for (int round = 0; round < rounds; ++round) {
    best = std::min(best, seconds_of([&] {
                      word all = 0;
                      for (const T& x : recording) all ^= std::bit_cast<word>(x);
                      seen = all;
                    }));
  }
  return static_cast<double>(recording.size()) / best / 1e6;
}

template <class T>
void compare_all() {
  std::vector<T> recording(rows * row_samples);
  for (std::size_t i = 0; i < recording.size(); ++i) {
    recording[i] = static_cast<T>(1 + 0.5 * std::sin(0.01 * static_cast<double>(i % 100'003)));
  }
  std::printf("%-4s              %10.0f  are read\n", std::is_same_v<T, double> ? "f64" : "f32",
              reading_rate<T>(recording));
  for (const decimation& what : cases) compare<T>(what, recording);
}

}  // namespace
}  // namespace weir::bench

int main() {
  std::printf("input samples, in millions a second: the filter alone, by the direct sum, and decimated\n");
  std::printf("type     q   taps       alone      direct   decimated          alone/   direct/\n");
  weir::bench::compare_all<double>();
  weir::bench::compare_all<float>();
  return 0;
}
