#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace weir::io {
namespace transposing {

/// The registers that every processor has which weir is built for.
inline constexpr std::size_t register_bytes = 16;

template <class T>
inline constexpr std::size_t lanes = register_bytes / sizeof(T);

template <class T>
struct register_of {
  typedef T type __attribute__((vector_size(register_bytes)));
};

template <class T>
using register_type = typename register_of<T>::type;

/// Takes elements of `a` and of `b` in turn: a0 b0 a1 b1 and so on, the first half of them to `low`.
template <class T, std::size_t... i>
[[gnu::always_inline]] inline void interleave(const register_type<T>& a, const register_type<T>& b,
                                              register_type<T>& low, register_type<T>& high,
                                              std::index_sequence<i...>) {
  constexpr std::size_t n = lanes<T>;
  low = __builtin_shufflevector(a, b, (i / 2 + i % 2 * n)...);
  high = __builtin_shufflevector(a, b, (n / 2 + i / 2 + i % 2 * n)...);
}

/// One square of a register's width. Each round moves the highest bit of an element's place, row and column
/// taken as one number, to its lowest: after as many rounds as a row's number has bits, the two have changed
/// places.
template <class T>
[[gnu::always_inline]] inline void transpose_square(const T* from, std::size_t from_stride, T* to,
                                                    std::size_t to_stride) {
  constexpr std::size_t n = lanes<T>;
  register_type<T> rows[n];
  for (std::size_t r = 0; r < n; ++r) std::memcpy(&rows[r], from + r * from_stride, register_bytes);
  for (std::size_t bit = 1; bit < n; bit *= 2) {
    register_type<T> moved[n];
    for (std::size_t r = 0; r < n / 2; ++r) {
      interleave<T>(rows[r], rows[r + n / 2], moved[2 * r], moved[2 * r + 1], std::make_index_sequence<n>());
    }
    for (std::size_t r = 0; r < n; ++r) rows[r] = moved[r];
  }
  for (std::size_t r = 0; r < n; ++r) std::memcpy(to + r * to_stride, &rows[r], register_bytes);
}

template <class T>
void transpose_one_by_one(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns,
                          T* to, std::size_t to_stride) {
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) to[c * to_stride + r] = from[r * from_stride + c];
  }
}

/// A part of which both sides fit in the first cache.
template <class T>
void transpose_part(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns, T* to,
                    std::size_t to_stride) {
  constexpr std::size_t n = lanes<T>;
  const std::size_t whole_rows = rows / n * n;
  const std::size_t whole_columns = columns / n * n;
  for (std::size_t c = 0; c < whole_columns; c += n) {
    for (std::size_t r = 0; r < whole_rows; r += n) {
      transpose_square(from + r * from_stride + c, from_stride, to + c * to_stride + r, to_stride);
    }
  }
  transpose_one_by_one(from + whole_rows * from_stride, from_stride, rows - whole_rows, whole_columns,
                       to + whole_rows, to_stride);
  transpose_one_by_one(from + whole_columns, from_stride, rows, columns - whole_columns,
                       to + whole_columns * to_stride, to_stride);
}

}  // namespace transposing

/// Writes the transpose of `rows` x `columns` elements: `to[c * to_stride + r] = from[r * from_stride + c]`.
template <class T>
void transpose(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns, T* to,
               std::size_t to_stride) {
  constexpr std::size_t cache_line_bytes = 64;
  // Two lines a row: wide enough for the prefetcher, and 2 * square rows still fit where strides collide.
  constexpr std::size_t square = 2 * cache_line_bytes / sizeof(T);
  for (std::size_t column = 0; column < columns; column += square) {
    for (std::size_t row = 0; row < rows; row += square) {
      transposing::transpose_part(from + row * from_stride + column, from_stride,
                                  std::min(rows - row, square), std::min(columns - column, square),
                                  to + column * to_stride + row, to_stride);
    }
  }
}

}  // namespace weir::io
