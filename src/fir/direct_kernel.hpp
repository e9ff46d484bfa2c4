#pragma once

#include "memory_ahead.hpp"
#include "simd.hpp"

/// The direct sum  out[i] = sum over j of taps[j] * window[i + j], with the taps in reverse order of time.
///
/// Order of operations, the same for every output: taps are taken in blocks of `block_taps`; a block is
/// summed from zero and then added to the output, which keeps the rounding error of long sums that of short
/// ones. Inside a block taps are taken in groups of `group_taps`, and inside a group by their index modulo
/// `tap_stride`: taps of one residue meet the same registers of samples, so that one load feeds up to
/// `group_rounds` multiply-adds, and no register is shifted.
namespace weir::fir::simd {

/// Small, so that few taps already share loads; registers of more lanes then share every second one.
inline constexpr std::size_t tap_stride = 8;

inline constexpr std::size_t group_rounds = 4;

inline constexpr std::size_t group_taps = group_rounds * tap_stride;

inline constexpr std::size_t block_taps = 128;

/// Accumulators of one tile: as many as leave room for the taps of a residue, and a sample.
template <class Isa>
inline constexpr std::size_t tile_accumulators = Isa::registers == 32 ? 24 : 10;

/// Outputs from one accumulator of a tile to the next. Registers narrower than this cover it in turns.
template <class T, class Isa>
inline constexpr std::size_t outputs_apart =
    vec<T, Isa>::lanes > tap_stride ? vec<T, Isa>::lanes : tap_stride;

/// Outputs of one tile.
template <class T, class Isa>
inline constexpr std::size_t tile_outputs = tile_accumulators<Isa>* outputs_apart<T, Isa>;

/// The samples in the middle of two registers that follow one another.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> between(vec<T, Isa> a, vec<T, Isa> b) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return vec<T, Isa>{__builtin_shufflevector(a.v, b.v, (lanes / 2 + i)...)};
  }
  (std::make_index_sequence<lanes>());
}

/// Adds to the accumulators the terms of `rounds` taps that lie tap_stride apart.
template <std::size_t rounds, std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_residue(const T* taps, const T* window, vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t columns_apart = outputs_apart<T, Isa> / tap_stride;
  vec<T, Isa> tap[rounds];
#pragma GCC unroll 8
  for (std::size_t q = 0; q < rounds; ++q) tap[q] = held(broadcast<Isa>(taps[q * tap_stride]));
  constexpr std::size_t columns = (tile - 1) * columns_apart + rounds;
  static_assert(columns_apart <= 2);
  auto x = held(load<Isa>(window));
  auto next = x;
#pragma GCC unroll 64
  for (std::size_t column = 0; column < columns; ++column) {
    if (columns_apart == 2 && column % 2 != 0 && column + 1 < columns) {
      // Wide loads that cross a line take twice as long as to put this one together.
      next = held(load<Isa>(window + (column + 1) * tap_stride));
      x = between(x, next);
    } else if (columns_apart == 2 && column % 2 == 0) {
      x = next;
    } else {
      x = held(load<Isa>(window + column * tap_stride));
    }
#pragma GCC unroll 8
    for (std::size_t q = 0; q < rounds; ++q) {
      if (q > column || (column - q) % columns_apart != 0) continue;
      const std::size_t m = (column - q) / columns_apart;
      if (m < tile) sums[m] = fma(x, tap[q], sums[m]);
    }
  }
}

/// Adds the terms of a group of `count` taps, at most group_taps of them.
template <std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_group(const T* taps, std::size_t count, const T* window,
                                             vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t stride = tap_stride;
  const std::size_t rounds = (count + stride - 1) / stride;
  const std::size_t full = count - (rounds - 1) * stride;
  const auto add = [&]<std::size_t n>(std::size_t begin, std::size_t end,
                                      std::integral_constant<std::size_t, n>) {
    for (std::size_t r = begin; r < end; ++r) add_residue<n>(taps + r, window + r, sums);
  };
  static_assert(group_rounds == 4);
  switch (rounds) {
    case 4:
      add(0, full, std::integral_constant<std::size_t, 4>());
      return add(full, stride, std::integral_constant<std::size_t, 3>());
    case 3:
      add(0, full, std::integral_constant<std::size_t, 3>());
      return add(full, stride, std::integral_constant<std::size_t, 2>());
    case 2:
      add(0, full, std::integral_constant<std::size_t, 2>());
      return add(full, stride, std::integral_constant<std::size_t, 1>());
    default:
      return add(0, full, std::integral_constant<std::size_t, 1>());
  }
}

/// One block of taps on one tile; the first block sets the outputs, later ones add to them.
template <class Isa, class T>
void direct_block(const T* taps, std::size_t count, bool first, const T* window, T* out) {
  constexpr std::size_t tile = tile_accumulators<Isa>;
  constexpr std::size_t stride = outputs_apart<T, Isa>;
  for (std::size_t turn = 0; turn < stride; turn += vec<T, Isa>::lanes) {
    vec<T, Isa> sums[tile];
#pragma GCC unroll 64
    for (std::size_t m = 0; m < tile; ++m) sums[m] = broadcast<Isa>(T{0});
    for (std::size_t group = 0; group < count; group += group_taps) {
      const std::size_t rest = count - group;
      add_group(taps + group, rest < group_taps ? rest : group_taps, window + turn + group, sums);
    }
#pragma GCC unroll 64
    for (std::size_t m = 0; m < tile; ++m) {
      T* const to = out + turn + m * stride;
      store(first ? sums[m] : load<Isa>(to) + sums[m], to);
    }
  }
}

/// Whole tiles that cover `outputs`: writes round_up(outputs, tile_outputs) of them and reads as many samples
/// of the window, and the taps' number less one.
template <class Isa, class T>
void direct_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out,
                memory_ahead memory) {
  constexpr std::size_t tile = tile_outputs<T, Isa>;
  prefetcher<cache_level::first> ahead(memory, outputs / tile + 1);
  for (std::size_t i = 0; i < outputs; i += tile) {
    ahead.step();
    for (std::size_t block = 0; block < count; block += block_taps) {
      const std::size_t rest = count - block;
      direct_block<Isa>(taps + block, rest < block_taps ? rest : block_taps, block == 0, window + i + block,
                        out + i);
    }
  }
}

}  // namespace weir::fir::simd
