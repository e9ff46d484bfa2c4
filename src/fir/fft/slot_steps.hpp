#pragma once

#include "passes.hpp"
#include "transpose.hpp"

/// The middle pass's steps over the slots (middle_pass.hpp) on one group: as many slots as a slot has units,
/// a square matrix of them. It stays in its place, and each of its blocks, as large as registers are wide, is
/// transposed in itself. Between `forward_over_slots` and `inverse_over_slots` row i of a block holds one
/// unit of the block's slots.
///
/// Loads, columns, rows and stores take turns so that few registers are in use at a time.
namespace weir::fir::simd {

/// What a step keeps of a transform of eight: its row r and column c (butterflies.hpp).
template <class T, class Isa>
using rows_of_eight = complex_vec<T, Isa>[4][2];

/// Where a group's numbers lie.
template <class T, class Isa>
struct group_of_slots {
  static constexpr std::size_t line = lanes_of_order<T>;
  static constexpr std::size_t units = units_of_register<Isa>;
  T* begin;

  /// The numbers of a slot from `lane` on.
  [[gnu::always_inline]] complex_vec<T, Isa> load(std::size_t slot, std::size_t lane) const {
    return load_complex<Isa>(begin + slot * slot_numbers<T> + lane, line);
  }
  [[gnu::always_inline]] void store(complex_vec<T, Isa> x, std::size_t slot, std::size_t lane) const {
    store_complex(x, begin + slot * slot_numbers<T> + lane, line);
  }

  /// Unit a of as many slots as a register holds, from `slot` on: where it lies between the steps over the
  /// slots.
  [[gnu::always_inline]] complex_vec<T, Isa> load_unit(std::size_t a, std::size_t slot) const {
    return load(slot + a % units, a / units * units * unit_lanes<T>);
  }
  [[gnu::always_inline]] void store_unit(complex_vec<T, Isa> x, std::size_t a, std::size_t slot) const {
    store(x, slot + a % units, a / units * units * unit_lanes<T>);
  }
};

template <class T, class Isa>
[[gnu::always_inline]] inline void transpose_units(complex_vec<T, Isa>* x) {
  constexpr std::size_t units = units_of_register<Isa>;
  vec<T, Isa> part[units];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < units; ++i) part[i] = x[i].re;
  transpose_units(part);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < units; ++i) x[i].re = part[i];
#pragma GCC unroll 8
  for (std::size_t i = 0; i < units; ++i) part[i] = x[i].im;
  transpose_units(part);
#pragma GCC unroll 8
  for (std::size_t i = 0; i < units; ++i) x[i].im = part[i];
}

/// The columns of the last butterflies over the slots, for the lanes from `lane` on.
template <class T, class Isa>
[[gnu::always_inline]] inline void columns_over_slots(group_of_slots<T, Isa> group, std::size_t lane,
                                                      rows_of_eight<T, Isa>& y) {
#pragma GCC unroll 2
  for (std::size_t c = 0; c < 2; ++c) {
    complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) column[t] = group.load(c + 2 * t, lane);
    dft_column<direction::forward>(column);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
  }
}

/// Row number i of them, in the order of turns.
template <class T, class Isa>
[[gnu::always_inline]] inline void row_over_slots(std::size_t i, rows_of_eight<T, Isa>& y,
                                                  complex_vec<T, Isa>* x) {
  const std::size_t r = row_in_turn(i);
  dft_row<8, direction::forward>(r, y[r]);
  x[2 * i] = y[r][0];
  x[2 * i + 1] = y[r][1];
}

/// The last butterflies over the slots for the lanes from `lane` on, and the transposition.
template <class T, class Isa>
[[gnu::always_inline]] inline void forward_over_slots(group_of_slots<T, Isa> group, std::size_t lane) {
  constexpr std::size_t units = group.units;
  rows_of_eight<T, Isa> y;
  columns_over_slots(group, lane, y);
  complex_vec<T, Isa> x[group_slots];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    row_over_slots(i, y, x);
    const std::size_t done = 2 * (i + 1);
    if (done % units != 0) continue;
    transpose_units(x + done - units);
#pragma GCC unroll 8
    for (std::size_t s = done - units; s < done; ++s) group.store(x[s], s, lane);
  }
}

/// The inverse transform's column whose four legs came last: `ready` of `x`, in the order of turns, are
/// there.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_column(const complex_vec<T, Isa>* x, std::size_t ready,
                                                  rows_of_eight<T, Isa>& y) {
  const std::size_t c = frequency_in_turn(ready - 4);
  complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
  for (std::size_t t = 0; t < 4; ++t) column[t] = x[turn_of_frequency(c + 2 * t)];
  dft_column<direction::inverse>(column);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
}

/// The rows of the inverse transform, stored.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_rows_over_slots(group_of_slots<T, Isa> group, std::size_t lane,
                                                           rows_of_eight<T, Isa>& y) {
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    dft_row<8, direction::inverse>(r, y[r]);
    group.store(y[r][0], r, lane);
    group.store(y[r][1], r + 4, lane);
  }
}

/// The inverse of `forward_over_slots`, but for a factor `group_slots`.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_over_slots(group_of_slots<T, Isa> group, std::size_t lane) {
  constexpr std::size_t units = group.units;
  complex_vec<T, Isa> x[group_slots];
  rows_of_eight<T, Isa> y;
#pragma GCC unroll 2
  for (std::size_t i = 0; i < 2; ++i) {
#pragma GCC unroll 4
    for (std::size_t begin = 4 * i; begin < 4 * (i + 1); ++begin) {
      if (begin % units != 0) continue;
#pragma GCC unroll 8
      for (std::size_t s = begin; s < begin + units; ++s) x[s] = group.load(s, lane);
      transpose_units(x + begin);
    }
    inverse_column(x, 4 * (i + 1), y);
  }
  inverse_rows_over_slots(group, lane, y);
}

}  // namespace weir::fir::simd
