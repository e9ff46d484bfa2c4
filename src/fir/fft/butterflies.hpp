#pragma once

#include "complex_vec.hpp"

/// Discrete Fourier transforms of a few registers, in place and in natural order, lane by lane:
/// X[k] = sum over n of x[n] exp(-+ 2 pi i n k / size), unscaled.
namespace weir::fir::simd {

template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft2(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1) {
  const auto sum = x0 + x1;
  x1 = x0 - x1;
  x0 = sum;
}

template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft4(complex_vec<T, Isa>& x0, complex_vec<T, Isa>& x1,
                                        complex_vec<T, Isa>& x2, complex_vec<T, Isa>& x3) {
  const auto even_sum = x0 + x2;
  const auto even_difference = x0 - x2;
  const auto odd_sum = x1 + x3;
  const auto turned = quarter_turn<d>(x1 - x3);
  x0 = even_sum + odd_sum;
  x1 = even_difference + turned;
  x2 = even_sum - odd_sum;
  x3 = even_difference - turned;
}

/// (a, b) becomes (a + w b, a - w b) with w an odd power of the eighth root of unity: its two parts have the
/// same size, so that the rotation needs sums only and the size goes into the butterfly's multiply-adds.
template <direction d, int power, class T, class Isa>
[[gnu::always_inline]] inline void eighth_turn_butterfly(complex_vec<T, Isa>& a, complex_vec<T, Isa>& b) {
  static_assert(power == 1 || power == 3);
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

/// Decimation in time: two transforms of four, then radix-2 butterflies.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft8(complex_vec<T, Isa>* x) {
  complex_vec<T, Isa> e0 = x[0], e1 = x[2], e2 = x[4], e3 = x[6];
  complex_vec<T, Isa> o0 = x[1], o1 = x[3], o2 = x[5], o3 = x[7];
  dft4<d>(e0, e1, e2, e3);
  dft4<d>(o0, o1, o2, o3);
  o2 = quarter_turn<d>(o2);
  dft2<d>(e0, o0);
  eighth_turn_butterfly<d, 1>(e1, o1);
  dft2<d>(e2, o2);
  eighth_turn_butterfly<d, 3>(e3, o3);
  x[0] = e0;
  x[1] = e1;
  x[2] = e2;
  x[3] = e3;
  x[4] = o0;
  x[5] = o1;
  x[6] = o2;
  x[7] = o3;
}

/// Four transforms of four over the columns of a 4 x 4 matrix, twiddles, and four over its rows.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft16(complex_vec<T, Isa>* x) {
  // cos and sin of 2 pi power / 16 for the powers that are products of 0..3 and 0..3.
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
#pragma GCC unroll 4
  for (std::size_t column = 0; column < 4; ++column) {
    dft4<d>(x[column], x[column + 4], x[column + 8], x[column + 12]);
#pragma GCC unroll 4
    for (std::size_t row = 1; row < 4; ++row) {
      const std::size_t power = row * column;
      auto& y = x[column + 4 * row];
      if (power == 4) {
        y = quarter_turn<d>(y);
      } else if (power != 0) {
        y = rotate<d>(y, complex_vec<T, Isa>{broadcast<Isa>(cosine[power]), broadcast<Isa>(-sine[power])});
      }
    }
  }
#pragma GCC unroll 4
  for (std::size_t row = 0; row < 4; ++row) {
    dft4<d>(x[4 * row], x[4 * row + 1], x[4 * row + 2], x[4 * row + 3]);
  }
  // x[4 r + c] now holds X[r + 4 c].
#pragma GCC unroll 4
  for (std::size_t row = 0; row < 4; ++row) {
#pragma GCC unroll 4
    for (std::size_t column = row + 1; column < 4; ++column) {
      const auto y = x[4 * row + column];
      x[4 * row + column] = x[4 * column + row];
      x[4 * column + row] = y;
    }
  }
}

template <std::size_t size, direction d, class T, class Isa>
[[gnu::always_inline]] inline void dft(complex_vec<T, Isa>* x) {
  static_assert(size == 2 || size == 4 || size == 8 || size == 16);
  if constexpr (size == 2) dft2<d>(x[0], x[1]);
  if constexpr (size == 4) dft4<d>(x[0], x[1], x[2], x[3]);
  if constexpr (size == 8) dft8<d>(x);
  if constexpr (size == 16) dft16<d>(x);
}

}  // namespace weir::fir::simd
