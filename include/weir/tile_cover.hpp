#pragma once

#include <cstddef>

#include <weir/block_grid.hpp>

namespace weir {

/// The rectangles that a file is read or written by: its chunks, or what makes one transfer of contiguous
/// data. Tiles lie on a grid that begins at the recording's first channel and sample.
struct tile_shape {
  std::size_t channels = 1;
  std::size_t samples = 1;

  friend constexpr bool operator==(const tile_shape&, const tile_shape&) = default;
};

/// The tiles that a rectangle touches, each cut to the rectangle, in the order in which they lie in the file:
/// `split_axis::rows` has the tiles of one range of channels after each other, `split_axis::time` those of
/// one span of time.
class tile_cover {
 public:
  constexpr tile_cover(const block& rectangle, const tile_shape& tile, split_axis order)
      : rectangle_(rectangle),
        tile_(tile),
        order_(order),
        first_row_(rectangle.rows.begin / tile.channels),
        first_time_(rectangle.samples.begin / tile.samples),
        row_tiles_(rectangle.rows.empty() ? 0 : ceil_div(rectangle.rows.end, tile.channels) - first_row_),
        time_tiles_(rectangle.samples.empty() ? 0
                                              : ceil_div(rectangle.samples.end, tile.samples) - first_time_) {
  }

  constexpr std::size_t size() const { return row_tiles_ * time_tiles_; }

  constexpr block operator[](std::size_t i) const {
    const std::size_t row = first_row_ + (order_ == split_axis::rows ? i / time_tiles_ : i % row_tiles_);
    const std::size_t time = first_time_ + (order_ == split_axis::rows ? i % time_tiles_ : i / row_tiles_);
    return {intersection({row * tile_.channels, (row + 1) * tile_.channels}, rectangle_.rows),
            intersection({time * tile_.samples, (time + 1) * tile_.samples}, rectangle_.samples)};
  }

 private:
  block rectangle_;
  tile_shape tile_;
  split_axis order_;
  std::size_t first_row_;
  std::size_t first_time_;
  std::size_t row_tiles_;
  std::size_t time_tiles_;
};

}  // namespace weir
