#pragma once

#include "simd.hpp"

/// The direct sum  out[i] = sum over j of taps[j] * window[i + j], with the taps in reverse order of time.
///
/// Order of operations, the same for every output: taps are taken in blocks of `block_taps`; a block is
/// summed from zero and then added to the output, which keeps the rounding error of long sums that of short
/// ones. Inside a block taps are taken in groups of `group_taps`, and inside a group by their index modulo
/// `tap_stride`: taps of one residue meet the same registers of samples, so that one load or shift of them
/// feeds up to `group_rounds` multiply-adds.
///
/// No more than `most_short_taps` along rows of the arithmetic's own type have another order where there are
/// fused multiply-adds (short_sum_*.hpp): the taps of each residue modulo `short_sum_residues` are summed by
/// themselves, from zero, and these sums are added in the order of the residues.
namespace weir::fir::simd {

/// Small, so that few taps already share loads; registers of more lanes then share every second one.
inline constexpr std::size_t tap_stride = 8;

inline constexpr std::size_t group_rounds = 4;

inline constexpr std::size_t group_taps = group_rounds * tap_stride;

inline constexpr std::size_t block_taps = 128;

/// More taps are faster in tiles of many sums, each loaded from where it is met.
inline constexpr std::size_t most_short_taps = 24;

/// As few shifts of sums as of samples, in registers of sixteen lanes.
inline constexpr std::size_t short_sum_residues = 4;

/// Registers of results that share a register of taps in a stream of samples.
inline constexpr std::size_t streamed_tile = 2;

/// Samples that a stream through registers of `lanes` reads ahead of its first tile: all that the outputs of
/// the first register are made of, and as many again as that register holds.
constexpr std::size_t streamed_lead(std::size_t count, std::size_t lanes) {
  return (2 + (count - 1) / lanes) * lanes;
}

/// Accumulators of one tile: as many as leave room for the taps of a residue, and a sample.
template <class Isa>
inline constexpr std::size_t tile_accumulators = Isa::registers == 32 ? 24 : 10;

/// Outputs from one accumulator of a tile to the next, where taps `stride` apart are summed together.
/// Registers narrower than this cover it in turns.
template <class T, class Isa, std::size_t stride = tap_stride>
inline constexpr std::size_t outputs_apart = vec<T, Isa>::lanes > stride ? vec<T, Isa>::lanes : stride;

/// Outputs of one tile.
template <class T, class Isa>
inline constexpr std::size_t tile_outputs = tile_accumulators<Isa>* outputs_apart<T, Isa>;

}  // namespace weir::fir::simd
