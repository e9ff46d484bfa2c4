#pragma once

#include <algorithm>
#include <cstddef>

#include <weir/block_grid.hpp>
#include <weir/rate_ratio.hpp>

namespace weir::pipeline {

/// The neighbours that a filter wants on each side of a block, and where a row may be cut.
struct filter_reach {
  std::size_t before = 0;  ///< samples ahead of a block
  std::size_t after = 0;   ///< samples behind it
  std::size_t grid = 1;    ///< work begins at multiples of this, counted from the row's first sample
  bool wraps = false;      ///< beyond the recording's ends stand samples of its other end
};

/// Positions along a row, which a filter that wraps counts beyond both ends of the recording.
struct position_range {
  std::ptrdiff_t begin = 0;
  std::ptrdiff_t end = 0;

  constexpr std::size_t size() const { return static_cast<std::size_t>(end - begin); }
  friend constexpr bool operator==(const position_range&, const position_range&) = default;
};

/// The positions that a window holds for a block's `samples` of a recording of `length` samples: the block
/// and its halo. A filter that wraps finds the other end's samples beyond the recording's ends. Other
/// boundaries mirror or repeat samples of the same end: position -d asks for at most sample d, and N - 1 + d
/// for at least sample N - 1 - d, so a block shorter than the reach holds a little more than its halo there.
constexpr position_range positions_of(index_range samples, std::size_t length, const filter_reach& reach) {
  const auto n = static_cast<std::ptrdiff_t>(length);
  const auto begin = static_cast<std::ptrdiff_t>(samples.begin) - static_cast<std::ptrdiff_t>(reach.before);
  const auto end = static_cast<std::ptrdiff_t>(samples.end + reach.after);
  if (reach.wraps) return {begin, end};
  const std::ptrdiff_t ahead = begin < 0 ? -begin + 1 : 0;
  const std::ptrdiff_t behind = end > n ? 2 * n - 1 - end : n;
  return {std::max<std::ptrdiff_t>(std::min(begin, behind), 0), std::min(std::max(end, ahead), n)};
}

/// How a block lies in its window: a row's samples are consecutive, its block begins on a cache line, with
/// the halo on both sides of it.
struct window_layout {
  std::size_t rows = 0;    ///< rows of the largest block
  std::size_t lead = 0;    ///< columns ahead of the block's first sample
  std::size_t stride = 0;  ///< columns from one row to the next

  constexpr std::size_t bytes(std::size_t sample_size) const { return rows * stride * sample_size; }
};

/// The smallest layout in which every block of up to `rows` rows and `span` samples finds room.
constexpr window_layout make_window_layout(std::size_t rows, std::size_t span, std::size_t length,
                                           const filter_reach& reach, std::size_t sample_size) {
  constexpr std::size_t cache_line = 64;
  constexpr std::size_t page = 4096;
  const bool whole_rows = span >= length && !reach.wraps;
  const std::size_t line = cache_line / sample_size;
  // Without wrapping, a block near one end may hold as much on either side as the longer reach.
  const std::size_t longer = std::max(reach.before, reach.after);
  const std::size_t lead = whole_rows ? 0 : round_up(reach.wraps ? reach.before : longer, line);
  std::size_t stride = round_up(lead + span + (whole_rows ? 0 : reach.wraps ? reach.after : longer), line);
  // Rows a page apart would share the same few sets of the caches in every transpose.
  if (rows > 1 && stride * sample_size % page == 0) stride += line;
  return {rows, lead, stride};
}

/// The regions of a window: where a block is read to, and where its results go if they are not as many as its
/// samples; those that are take their place.
struct window_regions {
  window_layout input;
  window_layout results;  ///< no rows where the work is done in place

  constexpr bool in_place() const { return results.rows == 0; }

  constexpr std::size_t bytes(std::size_t sample_size) const {
    return input.bytes(sample_size) + results.bytes(sample_size);
  }
};

/// The smallest regions in which every block of up to `rows` rows and `span` samples, a multiple of
/// `reach.grid` or the whole length, and its results find room.
constexpr window_regions make_window_regions(std::size_t rows, std::size_t span, std::size_t length,
                                             const filter_reach& reach, const rate_ratio& rate,
                                             std::size_t sample_size) {
  window_regions regions{make_window_layout(rows, span, length, reach, sample_size), {}};
  if (!rate.is_one()) {
    // Blocks that begin between two outputs hold one more than others of their length.
    const std::size_t outputs = rate.outputs_before(span) + 1;
    regions.results = make_window_layout(rows, outputs, outputs, {}, sample_size);
  }
  return regions;
}

}  // namespace weir::pipeline
