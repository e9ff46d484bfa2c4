#pragma once

#include <algorithm>
#include <cstddef>

namespace weir::io {

/// Writes the transpose of `rows` x `columns` elements: `to[c * to_stride + r] = from[r * from_stride + c]`.
/// It goes by squares that fit in the first cache on both sides.
template <class T>
void transpose(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns, T* to,
               std::size_t to_stride) {
  constexpr std::size_t cache_line_bytes = 64;
  // Two lines a row: wide enough for the prefetcher, and 2 * square rows still fit where strides collide.
  constexpr std::size_t square = 2 * cache_line_bytes / sizeof(T);
  for (std::size_t column = 0; column < columns; column += square) {
    const std::size_t column_end = std::min(columns, column + square);
    for (std::size_t row = 0; row < rows; row += square) {
      const std::size_t row_end = std::min(rows, row + square);
      for (std::size_t c = column; c < column_end; ++c) {
        for (std::size_t r = row; r < row_end; ++r) to[c * to_stride + r] = from[r * from_stride + c];
      }
    }
  }
}

}  // namespace weir::io
