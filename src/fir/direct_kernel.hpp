#pragma once

#include "direct_by_loads.hpp"
#include "direct_by_shifts.hpp"
#include "memory_ahead.hpp"

/// The direct sum over blocks of taps and tiles of outputs.
namespace weir::fir::simd {

/// Tiles of sums by shifts in a tile of sums by loads.
template <class T, class Isa>
inline constexpr std::size_t shifted_tiles = tile_accumulators<Isa> / shifted_accumulators<T>;

/// Accumulators and outputs of a tile of sums by loads.
template <class T, class Isa>
inline constexpr std::size_t direct_accumulators =
    sums_by_shifts<Isa> ? shifted_tiles<T, Isa>* shifted_accumulators<T> : tile_accumulators<Isa>;
template <class T, class Isa>
inline constexpr std::size_t direct_outputs = direct_accumulators<T, Isa>* outputs_apart<T, Isa>;

/// One block of taps on one tile; the first block sets the outputs, later ones add to them.
template <class Isa, class T>
void direct_block(const T* taps, std::size_t count, bool first, const T* window, T* out) {
  constexpr std::size_t tile = direct_accumulators<T, Isa>;
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

/// A tile of few taps, by shifts.
template <class Isa, class T>
void shifted_tile(const T* taps, std::size_t count, const T* window, T* out) {
  constexpr std::size_t tile = shifted_accumulators<T>;
  vec<T, Isa> sums[tile];
#pragma GCC unroll 64
  for (std::size_t m = 0; m < tile; ++m) sums[m] = broadcast<Isa>(T{0});
  add_shifted(taps, count, window, sums);
#pragma GCC unroll 64
  for (std::size_t m = 0; m < tile; ++m) store(sums[m], out + m * lanes_of_order<T>);
}

/// Whole tiles that cover `outputs`: writes round_up(outputs, direct_outputs) of them and reads as many
/// samples of the window, and the taps' number less one, to the end of that line.
template <class Isa, class T>
void direct_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out,
                memory_ahead memory) {
  constexpr std::size_t tile = direct_outputs<T, Isa>;
  prefetcher ahead(memory, outputs / tile + 1, cache_level::first);
  for (std::size_t i = 0; i < outputs; i += tile) {
    ahead.step();
    if constexpr (sums_by_shifts<Isa>) {
      if (count <= most_shifted_taps) {
        constexpr std::size_t step = shifted_accumulators<T> * lanes_of_order<T>;
        for (std::size_t j = i; j < i + tile; j += step) shifted_tile<Isa>(taps, count, window + j, out + j);
        continue;
      }
    }
    for (std::size_t block = 0; block < count; block += block_taps) {
      const std::size_t rest = count - block;
      direct_block<Isa>(taps + block, rest < block_taps ? rest : block_taps, block == 0, window + i + block,
                        out + i);
    }
  }
}

}  // namespace weir::fir::simd
