#pragma once

#include "response_steps.hpp"

/// The middle pass's steps over the lanes (middle_pass.hpp) on one group: the transform over the units, the
/// response, and the inverse transform, on as many slots as a register holds units, from `slot` on.
///
/// The inverse transform is the forward one backwards: rows and then columns. So a row, its response and its
/// inverse follow one another.
namespace weir::fir::simd {

/// The twiddles of unit a > 0, from those of the first slot that is wanted.
template <class Isa, class T>
[[gnu::always_inline]] inline complex_vec<T, Isa> lane_twiddle(const T* twiddles, std::size_t a) {
  const T* const of_unit = twiddles + 2 * group_slots * (a - 1);
  if constexpr (unit_lanes<T> == 1) {
    return load_complex<Isa>(of_unit, lanes_of_order<T>);
  } else {
    const auto [re, im] = load_twice<Isa>(of_unit);
    return {re, im};
  }
}

/// The twiddles and columns of the transform. `load(a)` yields the numbers of unit a, the twiddles are those
/// from their first slot on.
template <class T, class Isa>
[[gnu::always_inline]] inline void columns_over_lanes(const auto& load, const T* twiddles,
                                                      rows_of_eight<T, Isa>& y) {
#pragma GCC unroll 2
  for (std::size_t c = 0; c < 2; ++c) {
    complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) {
      const std::size_t a = c + 2 * t;
      column[t] = load(a);
      if (a == 0) continue;
      const auto twiddle = lane_twiddle<Isa>(twiddles, a);
      column[t] = rotate<direction::forward>(column[t], twiddle);
    }
    dft_column<direction::forward>(column);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
  }
}

/// The columns of the inverse transform and its twiddles: `store(value, a)` takes the numbers of unit a.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_columns_over_lanes(const auto& store, const T* twiddles,
                                                              rows_of_eight<T, Isa>& y) {
#pragma GCC unroll 2
  for (std::size_t c = 0; c < 2; ++c) {
    dft4<direction::inverse>(y[0][c], y[1][c], y[2][c], y[3][c]);
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) {
      const std::size_t a = c + 2 * t;
      auto value = y[t][c];
      if (a > 0) {
        const auto twiddle = lane_twiddle<Isa>(twiddles, a);
        value = rotate<direction::inverse>(value, twiddle);
      }
      store(value, a);
    }
  }
}

/// The transform, the response, and the inverse transform. Memory is asked ahead between them: with short
/// steps it comes while they compute.
template <bool real_response, class T, class Isa>
[[gnu::always_inline]] inline void apply_response(group_of_slots<T, Isa> group, std::size_t slot,
                                                  const T* twiddles, const T* response, prefetcher& ahead) {
  const std::size_t lane = slot * unit_lanes<T>;
  rows_of_eight<T, Isa> y;
  columns_over_lanes(
      [&](std::size_t a) __attribute__((always_inline)) { return group.load_unit(a, slot); }, twiddles + lane,
      y);
  ahead.step();
  respond_to_rows<real_response>(y, response + lane);
  ahead.step();
  inverse_columns_over_lanes(
      [&](complex_vec<T, Isa> x, std::size_t a)
          __attribute__((always_inline)) { group.store_unit(x, a, slot); },
      twiddles + lane, y);
}

/// The transform and the response, added to a group of sums: number k of row r to their slot 2 r + k.
template <class T, class Isa>
[[gnu::always_inline]] inline void add_response(group_of_slots<T, Isa> group, group_of_slots<T, Isa> sums,
                                                std::size_t slot, const T* twiddles, const T* response) {
  const std::size_t lane = slot * unit_lanes<T>;
  rows_of_eight<T, Isa> y;
  columns_over_lanes(
      [&](std::size_t a) __attribute__((always_inline)) { return group.load_unit(a, slot); }, twiddles + lane,
      y);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    dft_row<8, direction::forward>(r, y[r]);
#pragma GCC unroll 2
    for (std::size_t k = 0; k < 2; ++k) {
      const std::size_t at = 2 * r + k;
      sums.store(sums.load(at, lane) + responded(y[r][k], r + 4 * k, response + lane), at, lane);
    }
  }
}

/// The inverse transform of a group of sums.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_over_lanes(group_of_slots<T, Isa> sums,
                                                      group_of_slots<T, Isa> group, std::size_t slot,
                                                      const T* twiddles) {
  const std::size_t lane = slot * unit_lanes<T>;
  rows_of_eight<T, Isa> y;
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
#pragma GCC unroll 2
    for (std::size_t k = 0; k < 2; ++k) y[r][k] = sums.load(2 * r + k, lane);
    dft_row_first<direction::inverse>(r, y[r]);
  }
  inverse_columns_over_lanes(
      [&](complex_vec<T, Isa> x, std::size_t a)
          __attribute__((always_inline)) { group.store_unit(x, a, slot); },
      twiddles + lane, y);
}

}  // namespace weir::fir::simd
