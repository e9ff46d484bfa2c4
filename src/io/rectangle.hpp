#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>
#include <weir/partition.hpp>

namespace weir::io {

/// Bytes of the buffer in which a reader or a writer turns time-first data around; 0 for time-last data,
/// which stay as they are.
inline std::size_t staging_bytes(const recording& what) {
  if (what.axis == time_axis::last) return 0;
  // The kernel and the transpose then meet in a second-level cache.
  constexpr std::size_t usual = std::size_t{64} << 10;
  constexpr std::size_t most = std::size_t{8} << 20;
  // Two cache lines of each of the rows that are side by side in the file.
  constexpr std::size_t least_bytes_a_row = 128;
  const std::size_t rows = what.store.chunked ? what.store.chunk_channels : what.channels;
  const std::size_t wanted = std::clamp(rows * least_bytes_a_row, usual, most);
  return static_cast<std::size_t>(std::min<std::uint64_t>(wanted, data_bytes(what)));
}

struct rectangle {
  index_range channels;
  index_range samples;
};

/// Throws where a caller's rectangle or type do not fit the recording: a defect of weir, not of the file.
template <sample S>
void require_fit(const recording& what, const rectangle& part, std::size_t row_stride) {
  if (sample_type_of<S>() != what.type) {
    throw error(exit_code::internal, fmt::format("a transfer of {} was asked for a recording of {}",
                                                 name_of(sample_type_of<S>()), name_of(what.type)));
  }
  const bool ordered = part.channels.begin <= part.channels.end && part.samples.begin <= part.samples.end;
  if (!ordered || part.channels.end > what.channels || part.samples.end > what.samples ||
      row_stride < part.samples.size()) {
    throw error(exit_code::internal,
                fmt::format("channels {}:{}, samples {}:{} with a row stride of {} do not fit {} x {}",
                            part.channels.begin, part.channels.end, part.samples.begin, part.samples.end,
                            row_stride, what.channels, what.samples));
  }
}

/// Calls `f(range)` for `all`, cut at the multiples of `step`.
template <class F>
void for_each_cell(index_range all, std::size_t step, F&& f) {
  for (std::size_t begin = all.begin; begin < all.end;) {
    const std::size_t end = std::min(all.end, (begin / step + 1) * step);
    f(index_range{begin, end});
    begin = end;
  }
}

/// Calls `f(range)` for `all`, cut into as few parts of at most `most` as can be, of about the same size: no
/// transfer is of a small rest alone.
template <class F>
void for_each_part(index_range all, std::size_t most, F&& f) {
  const std::size_t parts = ceil_div(all.size(), most);
  for (std::size_t i = 0; i < parts; ++i) {
    const index_range part = part_of(all.size(), parts, i);
    f(index_range{all.begin + part.begin, all.begin + part.end});
  }
}

/// Cuts `part` along `grid` and each cell into pieces of at most `most_elements`, whose bytes lie together in
/// the file as far as can be: the file's fast axis is cut last. Calls `f(piece)`, cell after cell.
template <class F>
void for_each_piece(const rectangle& part, tile_shape grid, std::size_t most_elements, time_axis axis,
                    F&& f) {
  for_each_cell(part.channels, grid.channels, [&](index_range channels) {
    for_each_cell(part.samples, grid.samples, [&](index_range samples) {
      const std::size_t fast_size = axis == time_axis::first ? channels.size() : samples.size();
      const std::size_t fast = std::min(fast_size, most_elements);
      const std::size_t slow = std::max<std::size_t>(1, most_elements / fast);
      for_each_part(channels, axis == time_axis::first ? fast : slow, [&](index_range some_channels) {
        for_each_part(samples, axis == time_axis::first ? slow : fast, [&](index_range some_samples) {
          f(rectangle{some_channels, some_samples});
        });
      });
    });
  });
}

}  // namespace weir::io
