#pragma once

#include "direct_by_loads.hpp"

/// The sum of few taps over samples that are loaded from where each tap meets them.
namespace weir::fir::simd {

/// Results of a tile: as many as leave room for as many sums, the taps of a round and a sample.
template <class Isa>
inline constexpr std::size_t loaded_tile = Isa::registers == 32 ? 12 : 5;

template <class T, class Isa>
inline constexpr std::size_t loaded_outputs = loaded_tile<Isa>* outputs_apart<T, Isa, short_sum_residues>;

/// Adds the terms of every short_sum_residues-th of `count` taps.
template <std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_every_fourth(const T* taps, std::size_t count, const T* window,
                                                    vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t stride = short_sum_residues;
  for (std::size_t first = 0; first < count; first += group_rounds * stride) {
    const T* const tap = taps + first;
    const T* const from = window + first;
    static_assert(group_rounds == 4);
    switch ((count - first + stride - 1) / stride) {
      case 1:
        add_residue<stride, 1>(tap, from, sums);
        break;
      case 2:
        add_residue<stride, 2>(tap, from, sums);
        break;
      case 3:
        add_residue<stride, 3>(tap, from, sums);
        break;
      default:
        add_residue<stride, 4>(tap, from, sums);
    }
  }
}

template <class Isa, class T>
void loaded_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out) {
  constexpr std::size_t tile = loaded_tile<Isa>;
  constexpr std::size_t apart = outputs_apart<T, Isa, short_sum_residues>;
  const auto zero = broadcast<Isa>(T{0});
  const std::size_t residues = count < short_sum_residues ? count : short_sum_residues;
  for (std::size_t i = 0; i < outputs; i += tile * apart) {
    for (std::size_t turn = 0; turn < apart; turn += vec<T, Isa>::lanes) {
      vec<T, Isa> results[tile];
#pragma GCC unroll 16
      for (std::size_t m = 0; m < tile; ++m) results[m] = zero;
      add_every_fourth(taps, count, window + i + turn, results);
      for (std::size_t r = 1; r < residues; ++r) {
        vec<T, Isa> sums[tile];
#pragma GCC unroll 16
        for (std::size_t m = 0; m < tile; ++m) sums[m] = zero;
        add_every_fourth(taps + r, count - r, window + i + turn + r, sums);
#pragma GCC unroll 16
        for (std::size_t m = 0; m < tile; ++m) results[m] = results[m] + sums[m];
      }
#pragma GCC unroll 16
      for (std::size_t m = 0; m < tile; ++m) store(results[m], out + i + turn + m * apart);
    }
  }
}

}  // namespace weir::fir::simd
