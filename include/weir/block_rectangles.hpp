#pragma once

#include <algorithm>
#include <vector>

#include <weir/block_grid.hpp>
#include <weir/block_set.hpp>

namespace weir {

/// Some blocks of a grid that fill a rectangle of the recording.
struct block_rectangle {
  block where;
  index_range blocks;  ///< their numbers

  friend constexpr bool operator==(const block_rectangle&, const block_rectangle&) = default;
};

/// The fewest rectangles, in the order of the blocks' numbers, that consecutive numbers of `chosen` fill: a
/// consecutive range is a part of a line of blocks, whole lines, and a part of a line again.
inline std::vector<block_rectangle> rectangles_of(const block_grid& grid, const block_set& chosen) {
  const std::size_t line = grid.split() == split_axis::rows ? grid.time_blocks() : grid.row_blocks();
  std::vector<block_rectangle> rectangles;
  for (index_range left : chosen.ranges()) {
    while (!left.empty()) {
      const std::size_t line_end = (left.begin / line + 1) * line;
      const bool has_whole_line = left.begin % line == 0 && left.end >= line_end;
      const std::size_t end = has_whole_line ? left.end / line * line : std::min(left.end, line_end);
      const block first = grid[left.begin];
      const block last = grid[end - 1];
      rectangles.push_back(
          {{{first.rows.begin, last.rows.end}, {first.samples.begin, last.samples.end}}, {left.begin, end}});
      left.begin = end;
    }
  }
  return rectangles;
}

}  // namespace weir
