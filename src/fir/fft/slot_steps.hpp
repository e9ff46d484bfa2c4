#pragma once

#include "passes.hpp"
#include "transpose.hpp"

/// The middle pass's steps over the slots (middle_pass.hpp) on one group: as many slots as lanes, a square
/// matrix of complex numbers. It stays in its place, and each of its blocks, as large as registers are wide,
/// is transposed in itself. Between `forward_over_slots` and `inverse_over_slots` row i of a block holds one
/// lane of the block's slots.
///
/// Loads, columns, rows and stores take turns so that few registers are in use at a time.
namespace weir::fir::simd {

/// Where a group's numbers lie.
template <class T, class Isa>
struct group_of_slots {
  static constexpr std::size_t side = lanes_of_order<T>;
  static constexpr std::size_t lanes = vec<T, Isa>::lanes;
  T* begin;

  [[gnu::always_inline]] complex_vec<T, Isa> load(std::size_t slot, std::size_t lane) const {
    return load_complex<Isa>(begin + slot * slot_numbers<T> + lane, side);
  }
  [[gnu::always_inline]] void store(complex_vec<T, Isa> x, std::size_t slot, std::size_t lane) const {
    store_complex(x, begin + slot * slot_numbers<T> + lane, side);
  }

  /// Lane l of as many slots as a register holds, from `slot` on: where it lies between the steps over the
  /// slots.
  [[gnu::always_inline]] complex_vec<T, Isa> load_lane(std::size_t l, std::size_t slot) const {
    return load(slot + l % lanes, l / lanes * lanes);
  }
  [[gnu::always_inline]] void store_lane(complex_vec<T, Isa> x, std::size_t l, std::size_t slot) const {
    store(x, slot + l % lanes, l / lanes * lanes);
  }
};

template <class T, class Isa>
[[gnu::always_inline]] inline void transpose(complex_vec<T, Isa>* x) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  vec<T, Isa> part[lanes];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i) part[i] = x[i].re;
  transpose(part);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i) x[i].re = part[i];
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i) part[i] = x[i].im;
  transpose(part);
#pragma GCC unroll 16
  for (std::size_t i = 0; i < lanes; ++i) x[i].im = part[i];
}

/// The columns of the last butterflies over the slots, for the lanes from `lane` on.
template <class T, class Isa>
[[gnu::always_inline]] inline void columns_over_slots(
    group_of_slots<T, Isa> group, std::size_t lane, complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>]) {
  constexpr std::size_t side = group.side;
  constexpr std::size_t columns = columns_of<side>;
#pragma GCC unroll 4
  for (std::size_t c = 0; c < columns; ++c) {
    complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) column[t] = group.load(c + columns * t, lane);
    dft_column<side, direction::forward>(c, column);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
  }
}

/// Row number i of them, in the order of turns.
template <class T, class Isa>
[[gnu::always_inline]] inline void row_over_slots(std::size_t i,
                                                  complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>],
                                                  complex_vec<T, Isa>* x) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t columns = columns_of<side>;
  const std::size_t r = row_in_turn(i);
  dft_row<side, direction::forward>(r, y[r]);
#pragma GCC unroll 4
  for (std::size_t k = 0; k < columns; ++k) x[columns * i + k] = y[r][k];
}

/// The last butterflies over the slots for the lanes from `lane` on, and the transposition.
template <class T, class Isa>
[[gnu::always_inline]] inline void forward_over_slots(group_of_slots<T, Isa> group, std::size_t lane) {
  constexpr std::size_t lanes = group.lanes;
  constexpr std::size_t columns = columns_of<group.side>;
  complex_vec<T, Isa> y[4][columns];
  columns_over_slots(group, lane, y);
  complex_vec<T, Isa> x[group.side];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < 4; ++i) {
    row_over_slots(i, y, x);
    const std::size_t done = columns * (i + 1);
    if (done % lanes != 0) continue;
    transpose(x + done - lanes);
#pragma GCC unroll 16
    for (std::size_t s = done - lanes; s < done; ++s) group.store(x[s], s, lane);
  }
}

/// The inverse transform's column whose four legs came last: `ready` of `x`, in the order of turns, are
/// there.
template <std::size_t side, class T, class Isa>
[[gnu::always_inline]] inline void inverse_column(const complex_vec<T, Isa>* x, std::size_t ready,
                                                  complex_vec<T, Isa> (*y)[columns_of<side>]) {
  const std::size_t c = frequency_in_turn<side>(ready - 4);
  complex_vec<T, Isa> column[4];
#pragma GCC unroll 4
  for (std::size_t t = 0; t < 4; ++t) column[t] = x[turn_of_frequency<side>(c + columns_of<side> * t)];
  dft_column<side, direction::inverse>(c, column);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
}

/// The rows of the inverse transform, stored.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_rows_over_slots(
    group_of_slots<T, Isa> group, std::size_t lane, complex_vec<T, Isa> (*y)[columns_of<lanes_of_order<T>>]) {
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    dft_row<group.side, direction::inverse>(r, y[r]);
#pragma GCC unroll 4
    for (std::size_t k = 0; k < columns_of<group.side>; ++k) group.store(y[r][k], r + 4 * k, lane);
  }
}

/// The inverse of `forward_over_slots`, but for a factor `side`.
template <class T, class Isa>
[[gnu::always_inline]] inline void inverse_over_slots(group_of_slots<T, Isa> group, std::size_t lane) {
  constexpr std::size_t side = group.side;
  constexpr std::size_t lanes = group.lanes;
  constexpr std::size_t columns = columns_of<side>;
  complex_vec<T, Isa> x[side];
  complex_vec<T, Isa> y[4][columns];
#pragma GCC unroll 4
  for (std::size_t i = 0; i < columns; ++i) {
#pragma GCC unroll 4
    for (std::size_t begin = 4 * i; begin < 4 * (i + 1); ++begin) {
      if (begin % lanes != 0) continue;
#pragma GCC unroll 16
      for (std::size_t s = begin; s < begin + lanes; ++s) x[s] = group.load(s, lane);
      transpose(x + begin);
    }
    inverse_column<side>(x, 4 * (i + 1), y);
  }
  inverse_rows_over_slots(group, lane, y);
}

}  // namespace weir::fir::simd
