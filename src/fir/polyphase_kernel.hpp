#pragma once

#include "direct_by_loads.hpp"
#include "direct_by_shifts.hpp"
#include "memory_ahead.hpp"
#include "polyphase_branch.hpp"

/// Sums over branches of a polyphase filter.
///
/// Order of operations, the same for every output and every width of register: branches are taken in order,
/// in blocks that end with the branch that brings them to `block_taps`; a block is summed from zero, each
/// branch as the direct sum's blocks are, and then added to the output.
namespace weir::fir::simd {

/// Outputs of the tiles that cover what is left behind the last whole one.
template <class T>
inline constexpr std::size_t rest_outputs = 2 * lanes_of_order<T>;

/// The sums of a tile; by shifts where no branch has more than most_shifted_taps.
template <bool by_shifts, std::size_t tile, class Isa, class T>
void polyphase_tile(const polyphase_branch* branches, std::size_t count, const T* taps, const T* window,
                    T* out, prefetcher& ahead) {
  constexpr std::size_t stride = outputs_apart<T, Isa>;
  for (std::size_t turn = 0; turn < stride; turn += vec<T, Isa>::lanes) {
    bool is_first = true;
    std::size_t branch = 0;
    do {
      vec<T, Isa> sums[tile];
#pragma GCC unroll 64
      for (std::size_t m = 0; m < tile; ++m) sums[m] = broadcast<Isa>(T{0});
      for (std::size_t summed = 0; branch < count && summed < block_taps; ++branch) {
        const polyphase_branch& b = branches[branch];
        ahead.step();
        summed += b.taps;
        if constexpr (by_shifts) {
          add_shifted(taps + b.first_tap, b.taps, window + b.place, sums);
          continue;
        }
        for (std::size_t group = 0; group < b.taps; group += group_taps) {
          const std::size_t rest = b.taps - group;
          add_group(taps + b.first_tap + group, rest < group_taps ? rest : group_taps,
                    window + b.place + group + turn, sums);
        }
      }
#pragma GCC unroll 64
      for (std::size_t m = 0; m < tile; ++m) {
        T* const to = out + turn + m * stride;
        store(is_first ? sums[m] : load<Isa>(to) + sums[m], to);
      }
      is_first = false;
    } while (branch < count);
  }
}

/// In tiles of `tile` accumulators, and smaller ones for what is left.
template <bool by_shifts, std::size_t tile, class Isa, class T>
void polyphase_sum_in_tiles(const polyphase_branch* branches, std::size_t count, const T* taps,
                            const T* window, std::size_t outputs, T* out, memory_ahead memory) {
  constexpr std::size_t whole = tile * outputs_apart<T, Isa>;
  constexpr std::size_t turns = outputs_apart<T, Isa> / vec<T, Isa>::lanes;
  const std::size_t steps = (outputs / whole + 1) * turns * count + 1;  // count may be 0
  prefetcher ahead(memory, steps, cache_level::first);
  std::size_t i = 0;
  for (; i + whole <= outputs; i += whole) {
    polyphase_tile<by_shifts, tile, Isa>(branches, count, taps, window + i, out + i, ahead);
  }
  for (; i < outputs; i += rest_outputs<T>) {
    polyphase_tile<by_shifts, rest_outputs<T> / outputs_apart<T, Isa>, Isa>(branches, count, taps, window + i,
                                                                            out + i, ahead);
  }
}

template <class Isa, class T>
void polyphase_sum(const polyphase_branch* branches, std::size_t count, const T* taps, const T* window,
                   std::size_t outputs, T* out, memory_ahead memory) {
  if constexpr (sums_by_shifts<Isa>) {
    std::size_t most_taps = 0;
    for (std::size_t b = 0; b < count; ++b) {
      if (branches[b].taps > most_taps) most_taps = branches[b].taps;
    }
    if (most_taps <= most_shifted_taps) {
      return polyphase_sum_in_tiles<true, shifted_accumulators<T>, Isa>(branches, count, taps, window,
                                                                        outputs, out, memory);
    }
  }
  polyphase_sum_in_tiles<false, tile_accumulators<Isa>, Isa>(branches, count, taps, window, outputs, out,
                                                             memory);
}

}  // namespace weir::fir::simd
