#pragma once

#include <algorithm>
#include <cstddef>

#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>

namespace weir::pipeline {

/// A chunk, or the part of it in which a large one is read.
inline tile_shape chunk_unit(const io::recording& input) {
  const tile_shape natural = io::natural_tiles(input);
  return {std::min(input.store.chunk_channels, natural.channels),
          std::min(input.store.chunk_samples, natural.samples)};
}

/// What a read touches at least: a chunk, or where samples come first and go through no filter, the part of
/// it that is asked for; of contiguous data a page of a row, or all channels of a sample. Plans choose blocks
/// by it, and runs count by it what they read.
inline tile_shape read_unit(const io::recording& input) {
  constexpr std::size_t page_bytes = 4096;
  const bool in_parts = input.axis == io::time_axis::first && !input.store.filtered;
  if (input.store.chunked) return {chunk_unit(input).channels, in_parts ? 1 : chunk_unit(input).samples};
  if (input.axis == io::time_axis::first) return {input.channels, 1};
  return {1, page_bytes / size_of(input.type)};
}

/// The channels that one read may pass over between two that are wanted: those of a chunk come with it, and
/// those of a sample lie between.
inline std::size_t widest_gap(const io::recording& input) {
  const bool have_rows_to_themselves = !input.store.chunked && input.axis == io::time_axis::last;
  return have_rows_to_themselves ? 0 : input.channels;
}

}  // namespace weir::pipeline
