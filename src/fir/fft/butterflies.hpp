#pragma once

#include "complex_vec.hpp"

/// Discrete Fourier transforms of a few registers, in place, lane by lane:
/// X[k] = sum over n of x[n] exp(-+ 2 pi i n k / size), unscaled.
namespace weir::fir::simd {

template <class T, class Isa>
[[gnu::always_inline]] inline void dft2(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1) {
  const auto x0_before = x0;
  x0 = x0 + x1;
  x1 = x0_before - x1;
}

template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft4(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1,
                                        complex_vec<T, Isa>& x2, complex_vec<T, Isa>& x3) {
  const auto even_sum = x0 + x2;
  const auto even_difference = x0 - x2;
  const auto odd_sum = x1 + x3;
  const auto turned = quarter_turn<d>(x1 - x3);
  x0 = {sum_by_multiply_add(even_sum.re, odd_sum.re), sum_by_multiply_add(even_sum.im, odd_sum.im)};
  x1 = even_difference + turned;
  x2 = even_sum - odd_sum;
  x3 = even_difference - turned;
}

template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> half_root() {
  return broadcast<Isa>(static_cast<T>(0.70710678118654752440L));
}

/// x turned by a power of the eighth root of unity, 0 .. 3, which takes no more than sums: an odd power's
/// size, `half_root`, is left out.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> eighth_turn(std::size_t power, complex_vec<T, Isa> x) {
  if (power == 0) return x;
  if (power == 2) return quarter_turn<d>(x);
  const auto sum = x.re + x.im;
  const auto difference = d == direction::forward ? x.im - x.re : x.re - x.im;
  if constexpr (d == direction::forward) {
    return power == 1 ? complex_vec<T, Isa>{sum, difference} : complex_vec<T, Isa>{difference, {-sum.v}};
  } else {
    return power == 1 ? complex_vec<T, Isa>{difference, sum} : complex_vec<T, Isa>{{-sum.v}, difference};
  }
}

/// (a, b) becomes (a + w b, a - w b) with w the first or third power of the eighth root of unity, whose size
/// goes into multiply-adds.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void eighth_turn_butterfly(std::size_t power, complex_vec<T, Isa>& a,
                                                         complex_vec<T, Isa>& b) {
  const auto size = half_root<T, Isa>();
  const auto turned = eighth_turn<d>(power, b);
  b = {fnma(turned.re, size, a.re), fnma(turned.im, size, a.im)};
  a = {fma(turned.re, size, a.re), fma(turned.im, size, a.im)};
}

/// A transform of four or eight is made of columns and rows (Cooley and Tukey): `columns_of<size>`
/// transforms of four, column c over x[c + columns t] for t < 4, and four transforms of `columns_of<size>`
/// over their results, row r over y[r][c] for c < columns, which yields X[r + 4 k] for k < columns. They are
/// apart so that what comes before a column or behind a row can be done while its registers are at hand.
template <std::size_t size>
inline constexpr std::size_t columns_of = size / 4;

/// A column of a transform: x[t] becomes y[t][c].
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft_column(complex_vec<T, Isa>* x) {
  dft4<d>(x[0], x[1], x[2], x[3]);
}

/// Row r of a transform: y[c] becomes X[r + 4 c].
template <std::size_t size, direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft_row(std::size_t r, complex_vec<T, Isa>* y) {
  static_assert(size == 4 || size == 8);
  if constexpr (size == 8) {
    if (r % 2 != 0) return eighth_turn_butterfly<d>(r, y[0], y[1]);
    if (r == 2) y[1] = quarter_turn<d>(y[1]);
    dft2(y[0], y[1]);
  }
}

/// Row r of the same transform of eight backwards, which takes numbers in the order that `dft_row` leaves:
/// X[r + 4 c] becomes y[c] with the twiddles to the columns. Transforms of four over y[r][c] for r < 4 are
/// then x[c + 2 t].
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft_row_first(std::size_t r, complex_vec<T, Isa>* y) {
  dft2(y[0], y[1]);
  y[1] = eighth_turn<d>(r, y[1]);
  if (r % 2 != 0) y[1] = {y[1].re * half_root<T, Isa>(), y[1].im * half_root<T, Isa>()};
}

}  // namespace weir::fir::simd
