#pragma once

#include "slot_steps.hpp"

/// The middle pass's steps over the lanes (middle_pass.hpp) on one group: the transform over the lanes, the
/// response, and the inverse transform, on as many slots as a register holds, from `slot` on.
///
/// The inverse transform is the forward one backwards: rows and then columns. So a row, its response and its
/// inverse follow one another.
namespace weir::fir::simd {

/// The twiddles and columns of the transform. `load(l)` yields the numbers of lane l, the twiddles are those
/// from their first slot on.
template <class T, class Isa>
[[gnu::always_inline]] inline void columns_over_lanes(
    const auto& load, const T* twiddles, complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>]) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t columns = columns_of<side>;
#pragma GCC unroll 4
  for (std::size_t c = 0; c < columns; ++c) {
    complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) {
      const std::size_t l = c + columns * t;
      column[t] = load(l);
      if (l == 0) continue;
      const auto twiddle = load_complex<Isa>(twiddles + 2 * side * (l - 1), side);
      column[t] = rotate<direction::forward>(column[t], twiddle);
    }
    dft_column<side, direction::forward>(c, column);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
  }
}

/// The columns of the inverse transform and its twiddles: `store(value, l)` takes the numbers of lane l.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_columns_over_lanes(
    const auto& store, const T* twiddles, complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>]) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t columns = columns_of<side>;
#pragma GCC unroll 4
  for (std::size_t c = 0; c < columns; ++c) {
    dft4<direction::inverse>(y[0][c], y[1][c], y[2][c], y[3][c]);
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) {
      const std::size_t l = c + columns * t;
      auto value = y[t][c];
      if (l > 0) {
        const auto twiddle = load_complex<Isa>(twiddles + 2 * side * (l - 1), side);
        value = rotate<direction::inverse>(value, twiddle);
      }
      store(value, l);
    }
  }
}

/// What the last butterfly of a row makes of (a, b), the real response at its two frequencies, and the first
/// butterfly of the inverse row, in one: (sum a + difference w b, difference / w a + sum b), where w is the
/// power of exp(-2 pi i / 8) by which the butterfly turns b, and sum and difference are those of the
/// response. The difference brings the size that `eighth_turn` leaves out.
template <class T, class Isa>
[[gnu::always_inline]] inline void respond_to_pair(std::size_t power, complex_vec<T, Isa>& a,
                                                   complex_vec<T, Isa>& b, vec<T, Isa> sum,
                                                   vec<T, Isa> difference) {
  const auto b_for_a = eighth_turn<direction::forward>(power, b);
  const auto a_for_b = eighth_turn<direction::inverse>(power, a);
  a = {fma(b_for_a.re, difference, a.re * sum), fma(b_for_a.im, difference, a.im * sum)};
  b = {fma(a_for_b.re, difference, b.re * sum), fma(a_for_b.im, difference, b.im * sum)};
}

/// Row r, its real response, and the inverse row.
template <class T, class Isa>
[[gnu::always_inline]] inline void respond_to_row(std::size_t r, complex_vec<T, Isa>* y, std::size_t slot,
                                                  const T* response) {
  constexpr std::size_t side = lanes_of_order<T>;
  const auto respond = [&](std::size_t pair, complex_vec<T, Isa> & a, complex_vec<T, Isa> & b)
      __attribute__((always_inline)) {
    const T* const sum = response + side * pair + slot;
    respond_to_pair(eighths_of_pair<side>(pair), a, b, load<Isa>(sum), load<Isa>(sum + side * side / 2));
  };
  if constexpr (side == 8) {
    respond(r, y[0], y[1]);
  } else {
    dft2(y[0], y[2]);
    dft2(y[1], y[3]);
    respond(r, y[0], y[1]);
    respond(r + 4, y[2], y[3]);
    dft2(y[0], y[2]);
    dft2(y[1], y[3]);
    twiddle_row<side, direction::inverse>(r, y);
  }
}

/// The number of frequency p, times the complex response there.
template <class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> responded(complex_vec<T, Isa> value, std::size_t p,
                                                            std::size_t slot, const T* response) {
  constexpr std::size_t side = lanes_of_order<T>;
  return rotate<direction::forward>(value, load_complex<Isa>(response + 2 * side * p + slot, side));
}

/// The rows, their response, and the inverse rows.
template <bool real_response, class T, class Isa>
[[gnu::always_inline]] inline void respond_to_rows(complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>],
                                                   std::size_t slot, const T* response) {
  constexpr std::size_t side = lanes_of_order<T>;
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    if constexpr (real_response) {
      respond_to_row(r, y[r], slot, response);
    } else {
      dft_row<side, direction::forward>(r, y[r]);
#pragma GCC unroll 4
      for (std::size_t k = 0; k < columns_of<side>; ++k) {
        y[r][k] = responded(y[r][k], r + 4 * k, slot, response);
      }
      dft_row_first<side, direction::inverse>(r, y[r]);
    }
  }
}

/// The transform, the response, and the inverse transform. Memory is asked ahead between them: with short
/// steps it comes while they compute.
template <bool real_response, class T, class Isa>
[[gnu::always_inline]] inline void apply_response(group_of_slots<T, Isa> group, std::size_t slot,
                                                  const T* twiddles, const T* response, prefetcher& ahead) {
  complex_vec<T, Isa> y[4][columns_of<group.side>];
  columns_over_lanes(
      [&](std::size_t l) __attribute__((always_inline)) { return group.load_lane(l, slot); }, twiddles + slot,
      y);
  ahead.step();
  respond_to_rows<real_response>(y, slot, response);
  ahead.step();
  inverse_columns_over_lanes(
      [&](complex_vec<T, Isa> x, std::size_t l)
          __attribute__((always_inline)) { group.store_lane(x, l, slot); },
      twiddles + slot, y);
}

/// The transform and the response, added to a group of sums: number k of row r to their slot `columns * r +
/// k`.
template <class T, class Isa>
[[gnu::always_inline]] inline void add_response(group_of_slots<T, Isa> group, group_of_slots<T, Isa> sums,
                                                std::size_t slot, const T* twiddles, const T* response) {
  constexpr std::size_t columns = columns_of<group.side>;
  complex_vec<T, Isa> y[4][columns];
  columns_over_lanes(
      [&](std::size_t l) __attribute__((always_inline)) { return group.load_lane(l, slot); }, twiddles + slot,
      y);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    dft_row<group.side, direction::forward>(r, y[r]);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < columns; ++k) {
      const std::size_t at = columns * r + k;
      sums.store(sums.load(at, slot) + responded(y[r][k], r + 4 * k, slot, response), at, slot);
    }
  }
}

/// The inverse transform of a group of sums.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_over_lanes(group_of_slots<T, Isa> sums,
                                                      group_of_slots<T, Isa> group, std::size_t slot,
                                                      const T* twiddles) {
  constexpr std::size_t columns = columns_of<group.side>;
  complex_vec<T, Isa> y[4][columns];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < columns; ++k) y[r][k] = sums.load(columns * r + k, slot);
    dft_row_first<group.side, direction::inverse>(r, y[r]);
  }
  inverse_columns_over_lanes(
      [&](complex_vec<T, Isa> x, std::size_t l)
          __attribute__((always_inline)) { group.store_lane(x, l, slot); },
      twiddles + slot, y);
}

}  // namespace weir::fir::simd
