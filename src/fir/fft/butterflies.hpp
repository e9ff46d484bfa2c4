#pragma once

#include "complex_vec.hpp"

/// Discrete Fourier transforms of a few registers, in place, lane by lane:
/// X[k] = sum over n of x[n] exp(-+ 2 pi i n k / size), unscaled.
namespace weir::fir::simd {

/// What a processor with units for sums alone does besides a butterfly's sums: rotations keep its units for
/// multiply-adds busy, shuffles one of those for sums. Decides how many of the sums go to the former.
enum class beside { rotations, shuffles };

// Where registers are few, the factor of these multiply-adds takes one away that a butterfly needs.
template <beside other, class Isa>
inline constexpr bool many_by_multiply_add = (other == beside::shuffles) && (Isa::registers == 32);

/// a + b, to the bit.
template <bool by_multiply_add, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> sum(complex_vec<T, Isa> a, complex_vec<T, Isa> b) {
  if constexpr (!by_multiply_add) return a + b;
  return {sum_by_multiply_add(a.re, b.re), sum_by_multiply_add(a.im, b.im)};
}

/// a - b, to the bit.
template <bool by_multiply_add, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> difference(complex_vec<T, Isa> a, complex_vec<T, Isa> b) {
  if constexpr (!by_multiply_add) return a - b;
  return {difference_by_multiply_add(a.re, b.re), difference_by_multiply_add(a.im, b.im)};
}

template <direction d, beside other, class T, class Isa>
[[gnu::always_inline]] inline void dft2(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1) {
  constexpr bool many = many_by_multiply_add<other, Isa>;
  const auto x0_before = x0;
  x0 = sum<many>(x0, x1);
  x1 = difference<many>(x0_before, x1);
}

template <direction d, beside other, class T, class Isa>
[[gnu::always_inline]] inline void dft4(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1,
                                        complex_vec<T, Isa>& x2, complex_vec<T, Isa>& x3) {
  constexpr bool many = many_by_multiply_add<other, Isa>;
  const auto even_sum = x0 + x2;
  const auto even_difference = x0 - x2;
  const auto odd_sum = sum<many>(x1, x3);
  const auto turned = quarter_turn<d>(x1 - x3);
  x0 = sum<true>(even_sum, odd_sum);
  x1 = even_difference + turned;
  x2 = difference<many>(even_sum, odd_sum);
  x3 = even_difference - turned;
}

/// (a, b) becomes (a + w b, a - w b) with w the first or third power of the eighth root of unity: its two
/// parts have the same size, so that the rotation needs sums only and the size goes into the butterfly's
/// multiply-adds.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void eighth_turn_butterfly(std::size_t power, complex_vec<T, Isa>& a,
                                                         complex_vec<T, Isa>& b) {
  const auto half_root = broadcast<Isa>(static_cast<T>(0.70710678118654752440L));
  const auto sum = b.re + b.im;
  const auto difference = d == direction::forward ? b.im - b.re : b.re - b.im;
  complex_vec<T, Isa> turned;  // w b without its size
  if constexpr (d == direction::forward) {
    turned = power == 1 ? complex_vec<T, Isa>{sum, difference} : complex_vec<T, Isa>{difference, {-sum.v}};
  } else {
    turned = power == 1 ? complex_vec<T, Isa>{difference, sum} : complex_vec<T, Isa>{{-sum.v}, difference};
  }
  b = {fnma(turned.re, half_root, a.re), fnma(turned.im, half_root, a.im)};
  a = {fma(turned.re, half_root, a.re), fma(turned.im, half_root, a.im)};
}

/// A transform of four, eight or sixteen is made of columns and rows (Cooley and Tukey): `columns_of<size>`
/// transforms of four, column c over x[c + columns t] for t < 4, and four transforms of `columns_of<size>`
/// over their results, row r over y[r][c] for c < columns, which yields X[r + 4 k] for k < columns. They are
/// apart so that what comes before a column or behind a row can be done while its registers are at hand.
template <std::size_t size>
inline constexpr std::size_t columns_of = size / 4;

/// exp(-2 pi i power / 16), or its conjugate, times x; the power is a product of 0..3 and 0..3.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> sixteenth_turn(std::size_t power, complex_vec<T, Isa> x) {
  constexpr T cosine[10] = {T(1),
                            T(0.92387953251128675613L),
                            T(0.70710678118654752440L),
                            T(0.38268343236508977173L),
                            T(0),
                            T(0),
                            T(-0.70710678118654752440L),
                            T(0),
                            T(0),
                            T(-0.92387953251128675613L)};
  constexpr T sine[10] = {T(0),
                          T(0.38268343236508977173L),
                          T(0.70710678118654752440L),
                          T(0.92387953251128675613L),
                          T(1),
                          T(0),
                          T(0.70710678118654752440L),
                          T(0),
                          T(0),
                          T(-0.38268343236508977173L)};
  if (power == 0) return x;
  if (power == 4) return quarter_turn<d>(x);
  return rotate<d>(x, complex_vec<T, Isa>{broadcast<Isa>(cosine[power]), broadcast<Isa>(-sine[power])});
}

/// Column c of a transform: x[t] becomes y[t][c], with the twiddles that the rows leave to it.
template <std::size_t size, direction d, beside other, class T, class Isa>
[[gnu::always_inline]] inline void dft_column(std::size_t c, complex_vec<T, Isa>* x) {
  dft4<d, other>(x[0], x[1], x[2], x[3]);
  if constexpr (size == 16) {
#pragma GCC unroll 4
    for (std::size_t t = 1; t < 4; ++t) x[t] = sixteenth_turn<d>(c * t, x[t]);
  }
}

/// Row r of a transform: y[c] becomes X[r + 4 c].
template <std::size_t size, direction d, beside other, class T, class Isa>
[[gnu::always_inline]] inline void dft_row(std::size_t r, complex_vec<T, Isa>* y) {
  static_assert(size == 4 || size == 8 || size == 16);
  if constexpr (size == 16) dft4<d, other>(y[0], y[1], y[2], y[3]);
  if constexpr (size == 8) {
    if (r % 2 != 0) return eighth_turn_butterfly<d>(r, y[0], y[1]);
    if (r == 2) y[1] = quarter_turn<d>(y[1]);
    dft2<d, other>(y[0], y[1]);
  }
}

}  // namespace weir::fir::simd
