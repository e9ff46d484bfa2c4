#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include <weir/block_grid.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/pipeline/work_span.hpp>
#include <weir/tile_cover.hpp>

namespace weir::pipeline {

/// A file of a recording in several: the samples that it holds, and what a read of it touches at least.
struct source_span {
  index_range samples;
  tile_shape unit;
};

/// The places, among spans in order and without gaps, of those that hold some of `samples`.
index_range spans_touched(std::span<const source_span> spans, index_range samples);

/// What holds chunks of a packed output whole.
struct chunk_multiple {
  std::size_t rows = 1;
  std::size_t samples = 1;  ///< of the input
  std::size_t chunks = 1;   ///< that it holds
};

/// All that the cut of a recording into blocks depends on. Plain numbers: the same on every rank.
struct block_request {
  std::size_t channels = 0;     ///< that are rows of blocks
  std::size_t samples = 0;      ///< of the recording
  std::size_t sample_size = 0;  ///< bytes

  std::span<const std::size_t> rows = {};  ///< the channel of each row; none: rows are channels
  std::size_t file_channels = 0;           ///< with `rows`: how many channels the file has
  std::size_t widest_gap = 0;            ///< with `rows`: channels that a read of several rows may pass over
  std::optional<index_range> span = {};  ///< the samples that blocks cover; nothing: all

  /// What a read touches at least: the file's chunk, or what contiguous data makes one transfer of.
  std::size_t tile_channels = 1;
  std::size_t tile_samples = 1;
  /// Where blocks begin if they can, a multiple of `tile_samples`: chunks are then written whole.
  std::size_t chunk_samples = 1;
  /// Blocks are multiples of this, so that they hold chunks whole. They may begin inside of a cell of the
  /// grid, which is then computed for both of the blocks that share it.
  std::optional<chunk_multiple> chunks = {};
  bool time_first = false;
  std::span<const source_span> files = {};  ///< of a recording in several, each with tiles of its own

  filter_reach reach;
  bool all_rows = false;  ///< every block holds all rows
  rate_ratio rate = {};   ///< of the results, which the window holds too unless it is one
  std::size_t domains = 1;
  std::size_t ranks = 1;                 ///< of a domain
  std::size_t window_bytes = 0;          ///< what one domain's window may take
  std::optional<split_axis> split = {};  ///< nothing: whichever reads less
  std::optional<std::size_t> block_samples =
      {};  ///< nothing: as long as memory allows and reading gains by it
};

/// The rows of a block that let `ranks` ranks filter each by itself and be done at about one time.
constexpr std::size_t rows_to_share(std::size_t ranks) {
  constexpr std::size_t rows_a_rank = 4;
  return rows_a_rank * ranks;
}

/// The samples that the request's blocks cover.
constexpr index_range covered(const block_request& request) {
  return request.span.value_or(index_range{0, request.samples});
}

/// What blocks are multiples of along time.
constexpr std::size_t step(const block_request& request) {
  return request.chunks ? request.chunks->samples : request.reach.grid;
}

/// What is computed for a block of these samples of the recording.
constexpr index_range computed(const block_request& request, index_range samples) {
  return request.chunks ? work_span(samples, request.reach.grid, request.samples) : samples;
}

/// How many samples are computed for a block of `span` samples at most.
constexpr std::size_t most_computed(const block_request& request, std::size_t span) {
  const index_range all = covered(request);
  const std::size_t grid = request.reach.grid;
  if (span >= all.size()) return computed(request, all).size();
  if (!request.chunks || (all.begin % grid == 0 && span % grid == 0)) return span;
  return std::min(round_up(span + grid - 1, grid), request.samples);
}

/// The part of `[0, length)` that is touched when `range` is read in whole units.
constexpr std::size_t touched(index_range range, std::size_t unit, std::size_t length) {
  return std::min(round_up(range.end, unit), length) - range.begin / unit * unit;
}

/// Samples that are read, halos and whole tiles counted, when every block of `grid` is read once. The grid's
/// first sample is that of covered(request).
std::uint64_t samples_read(const block_grid& grid, const block_request& request);

/// The rows of a block in the smallest window, in words.
std::string smallest_rows(const block_request& request);

/// The window's regions for blocks of up to `rows` rows and `span` samples.
window_regions regions_for(const block_request& request, std::size_t rows, std::size_t span);

/// Bytes of the smallest window with which this recording can be filtered at all.
std::size_t smallest_window(const block_request& request);

/// Cuts the recording into blocks that fit the window, so that the least is read; between equal cuts the one
/// with larger blocks. The blocks are made small and even enough for all domains to have their share. Nothing
/// if the window is smaller than `smallest_window`, or none of them holds chunks whole and gives every rank
/// its share where that is wanted.
std::optional<block_grid> find_blocks(const block_request& request);

/// The same. Throws `error` (usage) if the window is smaller than `smallest_window`.
block_grid choose_blocks(const block_request& request);

/// The same with a larger window, doubled up to `most_window_bytes`, where that is what it takes to read not
/// much more than with the largest: rows of many channels that lie side by side in the file have small
/// windows read most of it again and again.
block_grid choose_blocks_up_to(block_request request, std::size_t most_window_bytes);

}  // namespace weir::pipeline
