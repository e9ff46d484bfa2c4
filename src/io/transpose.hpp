#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

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

template <class T>
using square_type = std::array<register_type<T>, lanes<T>>;

/// The columns of one square of a register's width. Each round moves the highest bit of an element's place,
/// row and column taken as one number, to its lowest: after as many rounds as a row's number has bits, the
/// two have changed places.
template <class T>
[[gnu::always_inline]] inline square_type<T> columns_of(const T* from, std::size_t from_stride) {
  constexpr std::size_t n = lanes<T>;
  square_type<T> rows;
  for (std::size_t r = 0; r < n; ++r) std::memcpy(&rows[r], from + r * from_stride, register_bytes);
  for (std::size_t bit = 1; bit < n; bit *= 2) {
    square_type<T> moved;
    for (std::size_t r = 0; r < n / 2; ++r) {
      interleave<T>(rows[r], rows[r + n / 2], moved[2 * r], moved[2 * r + 1], std::make_index_sequence<n>());
    }
    rows = moved;
  }
  return rows;
}

/// Stores a register in memory and not in a cache, where the processor can; `to` lies on a whole register.
template <class T>
[[gnu::always_inline]] inline void store_past_caches(T* to, const register_type<T>& value) {
#if defined(__SSE2__)
  _mm_stream_si128(reinterpret_cast<__m128i*>(to), reinterpret_cast<__m128i>(value));
#else
  std::memcpy(to, &value, register_bytes);
#endif
}

/// Lets all that was stored past the caches be seen before what is stored next.
inline void end_stores_past_caches() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

template <class T>
void transpose_one_by_one(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns,
                          T* to, std::size_t to_stride) {
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < rows; ++r) to[c * to_stride + r] = from[r * from_stride + c];
  }
}

/// The bytes that memory and the caches exchange.
inline constexpr std::size_t line_bytes = 64;

/// A part of which both sides fit in the first cache. `goes_on`: its rows do, so their next elements are
/// asked for meanwhile; there are more rows than processors look ahead in by themselves.
template <class T>
void transpose_part(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns, T* to,
                    std::size_t to_stride, bool goes_on) {
  constexpr std::size_t n = lanes<T>;
  const std::size_t whole_rows = rows / n * n;
  const std::size_t whole_columns = columns / n * n;
  for (std::size_t c = 0; c < whole_columns; c += n) {
    for (std::size_t r = c; goes_on && r < std::min(c + n, rows); ++r) {
      const T* const next = from + r * from_stride + columns;
      __builtin_prefetch(next);
      __builtin_prefetch(next + line_bytes / sizeof(T));
    }
    for (std::size_t r = 0; r < whole_rows; r += n) {
      const square_type<T> square = columns_of(from + r * from_stride + c, from_stride);
      for (std::size_t i = 0; i < n; ++i) {
        std::memcpy(to + (c + i) * to_stride + r, &square[i], register_bytes);
      }
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
  // Two lines a row: wide enough for the prefetcher, and 2 * square rows still fit where strides collide.
  constexpr std::size_t square = 2 * transposing::line_bytes / sizeof(T);
  for (std::size_t column = 0; column < columns; column += square) {
    for (std::size_t row = 0; row < rows; row += square) {
      transposing::transpose_part(from + row * from_stride + column, from_stride,
                                  std::min(rows - row, square), std::min(columns - column, square),
                                  to + column * to_stride + row, to_stride, column + square < columns);
    }
  }
}

/// The same, for results that are used only after much else: whole lines of them are stored in memory past
/// the caches, which saves reading what is there. It takes half of the time where `to` is in no cache.
template <class T>
void transpose_past_caches(const T* from, std::size_t from_stride, std::size_t rows, std::size_t columns,
                           T* to, std::size_t to_stride) {
  using namespace transposing;
  constexpr std::size_t n = lanes<T>;
  constexpr std::size_t line = line_bytes / sizeof(T);
  const std::size_t into_line = reinterpret_cast<std::uintptr_t>(to) / sizeof(T) % line;
  const std::size_t begin = std::min(rows, (line - into_line) % line);
  const std::size_t end = to_stride % line == 0 ? begin + (rows - begin) / line * line : begin;
  const std::size_t whole_columns = columns / n * n;
  for (std::size_t r = begin; r < end; r += line) {
    for (std::size_t c = 0; c < whole_columns; c += n) {
      std::array<square_type<T>, line / n> squares;
      for (std::size_t i = 0; i < squares.size(); ++i) {
        squares[i] = columns_of(from + (r + i * n) * from_stride + c, from_stride);
      }
      for (std::size_t k = 0; k < n; ++k) {
        T* const to_line = to + (c + k) * to_stride + r;
        for (std::size_t i = 0; i < squares.size(); ++i) store_past_caches<T>(to_line + i * n, squares[i][k]);
      }
    }
  }
  end_stores_past_caches();
  transpose(from + begin * from_stride + whole_columns, from_stride, end - begin, columns - whole_columns,
            to + whole_columns * to_stride + begin, to_stride);
  transpose(from, from_stride, begin, columns, to, to_stride);
  transpose(from + end * from_stride, from_stride, rows - end, columns, to + end, to_stride);
}

}  // namespace weir::io
