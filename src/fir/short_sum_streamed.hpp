#pragma once

#include <cstdint>

#include "direct_order.hpp"
#include "shifted_lanes.hpp"

/// The sum of few taps over samples that go through the registers once. A register of samples is loaded once,
/// shifted once for each place of a residue's taps in it, and the sums of a residue are shifted once, however
/// many taps there are. What is read has been read before results are stored, so that they may replace it.
namespace weir::fir::simd {

/// Whether every residue of taps has a place in a register.
template <class Isa>
inline constexpr bool streams_short_sums = Isa::register_bytes >= 32;

/// The state between the tiles of a stream.
template <std::size_t count, class Isa, class T>
class short_sum_stream {
 public:
  static constexpr std::size_t lanes = vec<T, Isa>::lanes;

  /// Reads the window's first streamed_lead samples.
  [[gnu::always_inline]] short_sum_stream(const T* taps, const T* window) {
    unrolled<count>([&](auto i) __attribute__((always_inline)) { taps_[i] = held(broadcast<Isa>(taps[i])); });
    vec<T, Isa> read[kept + 1];
    unrolled<kept + 1>([&](auto i)
                           __attribute__((always_inline)) { read[i] = held(load<Isa>(window + i * lanes)); });
    vec<T, Isa> x[most_rounds];
    place<most_rounds>(read, x);
    sum<1>(
        x, [&](auto r, auto, vec<T, Isa> y) __attribute__((always_inline)) { sums_[r] = y; });
    unrolled<kept>([&](auto i) __attribute__((always_inline)) { samples_[i] = read[i + 1]; });
  }

  /// Reads the next samples of the window, a tile of them, and stores a tile of results.
  [[gnu::always_inline]] void take_tile(const T* next, T* out) {
    vec<T, Isa> read[kept + streamed_tile];
    unrolled<kept>([&](auto i) __attribute__((always_inline)) { read[i] = samples_[i]; });
    unrolled<streamed_tile>([&](auto i) __attribute__((always_inline)) {
      read[kept + i] = held(load<Isa>(next + i * lanes));
      // NaN, which equals nothing, where a sample is not finite; lanes for which that is true are -1.
      const auto suspicion = read[kept + i] - read[kept + i];
      nonfinite_ -= suspicion.v != suspicion.v;
    });
    constexpr std::size_t met = (streamed_tile - 1) * places + most_rounds;
    vec<T, Isa> x[met];
    place<met>(read, x);
    vec<T, Isa> results[streamed_tile];
    sum<streamed_tile>(
        x, [&](auto r, auto i, vec<T, Isa> y) __attribute__((always_inline)) {
          const auto in_place = shifted<r>(sums_[r], y);
          results[i] = r == 0 ? in_place : results[i] + in_place;
          sums_[r] = y;
        });
    unrolled<streamed_tile>([&](auto i)
                                __attribute__((always_inline)) { store(results[i], out + i * lanes); });
    unrolled<kept>([&](auto i) __attribute__((always_inline)) { samples_[i] = read[i + streamed_tile]; });
  }

  std::uint64_t nonfinite() const {
    std::uint64_t total = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) total += static_cast<std::uint64_t>(nonfinite_[lane]);
    return total;
  }

 private:
  using lane_counts = decltype(vec<T, Isa>{}.v != vec<T, Isa>{}.v);

  static constexpr std::size_t residues = count < short_sum_residues ? count : short_sum_residues;
  static constexpr std::size_t places = lanes / short_sum_residues;  // of a residue's taps in a register
  static constexpr std::size_t kept = 1 + (count - 1) / lanes;
  static constexpr std::size_t rounds(std::size_t residue) {
    return (count - residue + short_sum_residues - 1) / short_sum_residues;
  }
  static constexpr std::size_t most_rounds = rounds(0);

  /// The samples that the first `met` taps of residue 0 meet.
  template <std::size_t met>
  [[gnu::always_inline]] static void place(const vec<T, Isa>* samples, vec<T, Isa>* x) {
    unrolled<met>([&](auto i) __attribute__((always_inline)) {
      x[i] = shifted<i % places * short_sum_residues>(samples[i / places], samples[i / places + 1]);
    });
  }

  /// Calls `take(r, i, y)` with the sums y of residue r's taps over register i of the samples. The results
  /// that they are part of begin r lanes ahead of them.
  template <std::size_t registers>
  [[gnu::always_inline]] void sum(const vec<T, Isa>* x, const auto& take) const {
    unrolled<residues>([&](auto r) __attribute__((always_inline)) {
      vec<T, Isa> tap[rounds(r)];
      unrolled<rounds(r)>([&](auto q) __attribute__((always_inline)) {
        tap[q] = taps_[r + q * short_sum_residues];
        if constexpr (Isa::registers == 32) tap[q] = held(tap[q]);
      });
      unrolled<registers>([&](auto i) __attribute__((always_inline)) {
        auto y = fma(x[i * places], tap[0], broadcast<Isa>(T{0}));
        unrolled<rounds(r) - 1>([&](auto q) __attribute__((always_inline)) {
          y = fma(x[i * places + q + 1], tap[q + 1], y);
        });
        take(r, i, y);
      });
    });
  }

  vec<T, Isa> taps_[count];
  vec<T, Isa> samples_[kept];   // behind those whose sums follow
  vec<T, Isa> sums_[residues];  // of the samples ahead of those
  lane_counts nonfinite_{};
};

template <std::size_t count, class Isa, class T>
std::uint64_t streamed_sum_of(const T* taps, const T* window, std::size_t outputs, T* out) {
  using stream = short_sum_stream<count, Isa, T>;
  constexpr std::size_t tile = streamed_tile * stream::lanes;
  const T* const next = window + streamed_lead(count, stream::lanes);
  stream samples(taps, window);
  for (std::size_t i = 0; i < outputs; i += tile) samples.take_tile(next + i, out + i);
  return samples.nonfinite();
}

template <class Isa, class T>
std::uint64_t streamed_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out) {
  using sum = std::uint64_t (*)(const T*, const T*, std::size_t, T*);
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    constexpr sum of_count[] = {&streamed_sum_of<i + 1, Isa, T>...};
    return of_count[count - 1](taps, window, outputs, out);
  }
  (std::make_index_sequence<most_short_taps>());
}

}  // namespace weir::fir::simd
