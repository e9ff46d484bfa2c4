#pragma once

#include "direct_by_loads.hpp"
#include "memory_ahead.hpp"
#include "short_sum_kernel.hpp"

/// The direct sum over blocks of taps and tiles of outputs.
namespace weir::fir::simd {

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

/// Whole tiles that cover `outputs`: writes at most round_up(outputs, tile_outputs) of them and reads as many
/// samples of the window, the taps' number less one, and what two cache lines hold beside.
template <class Isa, class T>
void direct_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out,
                memory_ahead memory) {
  static_assert(tile_outputs<T, Isa> % short_sum_outputs<T, Isa> == 0);
  if (count <= most_short_taps) return short_sum<Isa>(taps, count, window, outputs, out, memory);
  constexpr std::size_t tile = tile_outputs<T, Isa>;
  prefetcher ahead(memory, outputs / tile + 1, cache_level::first);
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
