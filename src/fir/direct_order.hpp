#pragma once

#include "simd.hpp"

/// The direct sum  out[i] = sum over j of taps[j] * window[i + j], with the taps in reverse order of time.
///
/// Order of operations, the same for every output: taps are taken in blocks of `block_taps`; a block is
/// summed from zero and then added to the output, which keeps the rounding error of long sums that of short
/// ones. Inside a block taps are taken in groups of `group_taps`, and inside a group by their index modulo
/// `tap_stride`: taps of one residue meet the same registers of samples, so that one load or shift of them
/// feeds up to `group_rounds` multiply-adds.
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

}  // namespace weir::fir::simd
