#pragma once

#include "direct_kernel.hpp"
#include "fft/transpose.hpp"
#include "polyphase_branch.hpp"
#include "samples_kernel.hpp"

/// Sums over branches of a polyphase filter, and the streams that they read.
///
/// Order of operations, the same for every output and every width of register: branches are taken in order,
/// in blocks that end with the branch that brings them to `block_taps`; a block is summed from zero, each
/// branch as the direct sum's blocks are, and then added to the output.
namespace weir::fir::simd {

/// Accumulators of the tiles that cover what is left behind the last whole one.
inline constexpr std::size_t rest_accumulators = 2;

/// Outputs of such a tile.
template <class T>
inline constexpr std::size_t rest_outputs = rest_accumulators* lanes_of_order<T>;

template <std::size_t tile, class Isa, class T>
void polyphase_tile(const polyphase_branch* branches, std::size_t count, const T* taps, const T* window,
                    T* out) {
  constexpr std::size_t stride = lanes_of_order<T>;
  for (std::size_t turn = 0; turn < stride; turn += vec<T, Isa>::lanes) {
    bool is_first = true;
    std::size_t branch = 0;
    do {
      vec<T, Isa> sums[tile];
#pragma GCC unroll 64
      for (std::size_t m = 0; m < tile; ++m) sums[m] = broadcast<Isa>(T{0});
      for (std::size_t summed = 0; branch < count && summed < block_taps; ++branch) {
        const polyphase_branch& b = branches[branch];
        for (std::size_t group = 0; group < b.taps; group += group_taps<T>) {
          const std::size_t rest = b.taps - group;
          add_group(taps + b.first_tap + group, rest < group_taps<T> ? rest : group_taps<T>,
                    window + b.place + group + turn, sums);
        }
        summed += b.taps;
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

template <class Isa, class T>
void polyphase_sum(const polyphase_branch* branches, std::size_t count, const T* taps, const T* window,
                   std::size_t outputs, T* out) {
  std::size_t i = 0;
  for (; i + tile_outputs<T, Isa> <= outputs; i += tile_outputs<T, Isa>) {
    polyphase_tile<tile_accumulators<Isa>, Isa>(branches, count, taps, window + i, out + i);
  }
  for (; i < outputs; i += rest_outputs<T>) {
    polyphase_tile<rest_accumulators, Isa>(branches, count, taps, window + i, out + i);
  }
}

/// to[r * stride + i] = from[i * streams + r]
template <class Isa, class T>
void deal_out(const T* from, std::size_t streams, std::size_t columns, T* to, std::size_t stride) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  std::size_t r = 0;
  const std::size_t whole = columns / lanes * lanes;
  for (; r + lanes <= streams; r += lanes) {
    for (std::size_t i = 0; i < whole; i += lanes) {
      vec<T, Isa> rows[lanes];
#pragma GCC unroll 16
      for (std::size_t k = 0; k < lanes; ++k) rows[k] = load<Isa>(from + (i + k) * streams + r);
      transpose(rows);
#pragma GCC unroll 16
      for (std::size_t k = 0; k < lanes; ++k) store(rows[k], to + (r + k) * stride + i);
    }
  }
  const std::size_t dealt = r;
  for (r = 0; r < streams; ++r) {
    for (std::size_t i = r < dealt ? whole : 0; i < columns; ++i) to[r * stride + i] = from[i * streams + r];
  }
}

}  // namespace weir::fir::simd
