#pragma once

#include <weir/fir/aligned_buffer.hpp>

#include "direct_order.hpp"
#include "shifted_lanes.hpp"

/// Few taps whose samples are shifted in registers. Each line of the window is loaded
/// once for a tile, where one load for each tap would keep the first-level cache busy: what memory brings,
/// and what is to be stored, then waits for its turn there.
namespace weir::fir::simd {

/// Whether registers are as wide as a cache line, and enough for the lines that a tile spans.
template <class Isa>
inline constexpr bool sums_by_shifts = Isa::registers == 32 && Isa::register_bytes == cache_line_bytes;

/// More taps than these are faster with loads: shifts then take longer than the multiply-adds that share
/// them, and memory has time enough.
inline constexpr std::size_t most_shifted_taps = 3 * tap_stride;

/// Accumulators of a tile: as many as leave room for the lines they are summed from, and a group's taps.
template <class T>
inline constexpr std::size_t shifted_accumulators = sizeof(T) == sizeof(double) ? 10 : 8;

/// The lines of samples that a tile and `rounds` taps, tap_stride apart, reach over.
template <std::size_t tile, std::size_t rounds, class T>
inline constexpr std::size_t lines_of_group = tile + (rounds * tap_stride - 1) / lanes_of_order<T> + 1;

/// Adds the terms of `rounds` taps, tap_stride apart, of which the first meets sample `residue`.
template <std::size_t residue, std::size_t rounds, std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_shifted_residue(const T* taps, const vec<T, Isa>* lines,
                                                       vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  constexpr std::size_t shifts = lanes / tap_stride;  // of the taps in a line; more taps meet them again
  vec<T, Isa> tap[rounds];
#pragma GCC unroll 8
  for (std::size_t q = 0; q < rounds; ++q) tap[q] = held(broadcast<Isa>(taps[residue + q * tap_stride]));
  constexpr std::size_t columns = tile + (rounds - 1) / shifts;
#pragma GCC unroll 64
  for (std::size_t column = 0; column < columns; ++column) {
    unrolled<(shifts < rounds ? shifts : rounds)>([&](auto first) __attribute__((always_inline)) {
      const auto x = shifted<residue + first * tap_stride>(lines[column], lines[column + 1]);
#pragma GCC unroll 8
      for (std::size_t q = first; q < rounds; q += shifts) {
        const std::size_t m = column - q / shifts;
        if (q / shifts <= column && m < tile) sums[m] = fma(x, tap[q], sums[m]);
      }
    });
  }
}

/// Adds the terms of a group of `count` taps, more than (rounds - 1) tap_stride of them and at most
/// rounds tap_stride.
template <std::size_t rounds, std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_shifted_rounds(const T* taps, std::size_t count, const T* window,
                                                      vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t lines = lines_of_group<tile, rounds, T>;
  vec<T, Isa> x[lines];
#pragma GCC unroll 64
  for (std::size_t i = 0; i < lines; ++i) x[i] = held(load<Isa>(window + i * lanes_of_order<T>));
  const std::size_t full = count - (rounds - 1) * tap_stride;
  unrolled<tap_stride>([&](auto residue) __attribute__((always_inline)) {
    if (residue < full) {
      add_shifted_residue<residue, rounds>(taps, x, sums);
    } else if constexpr (rounds > 1) {
      add_shifted_residue<residue, rounds - 1>(taps, x, sums);
    }
  });
}

/// Adds the terms of `count` taps, at most most_shifted_taps of them. Reads lines of the window as a whole,
/// also where only a part of the last one is needed.
template <std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_shifted(const T* taps, std::size_t count, const T* window,
                                               vec<T, Isa> (&sums)[tile]) {
  static_assert(most_shifted_taps == 3 * tap_stride);
  switch ((count + tap_stride - 1) / tap_stride) {
    case 3:
      return add_shifted_rounds<3>(taps, count, window, sums);
    case 2:
      return add_shifted_rounds<2>(taps, count, window, sums);
    default:
      return add_shifted_rounds<1>(taps, count, window, sums);
  }
}

}  // namespace weir::fir::simd
