#pragma once

#include "../simd.hpp"

namespace weir::fir::simd {

/// Complex numbers, one a lane, real and imaginary parts in registers of their own.
template <class T, class Isa>
struct complex_vec {
  vec<T, Isa> re;
  vec<T, Isa> im;

  [[gnu::always_inline]] friend complex_vec operator+(complex_vec a, complex_vec b) {
    return {a.re + b.re, a.im + b.im};
  }
  [[gnu::always_inline]] friend complex_vec operator-(complex_vec a, complex_vec b) {
    return {a.re - b.re, a.im - b.im};
  }
};

/// The direction of a transform: the sign of its exponent.
enum class direction { forward, inverse };

/// -i * a forward, i * a inverse: the quarter turn of a transform.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> quarter_turn(complex_vec<T, Isa> a) {
  if constexpr (d == direction::forward) return {a.im, {-a.re.v}};
  return {{-a.im.v}, a.re};
}

/// a * w forward, a * conj(w) inverse: w is a forward transform's root of unity.
template <direction d, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> rotate(complex_vec<T, Isa> a, complex_vec<T, Isa> w) {
  if constexpr (d == direction::forward) {
    return {fnma(a.im, w.im, a.re * w.re), fma(a.re, w.im, a.im * w.re)};
  } else {
    return {fma(a.im, w.im, a.re * w.re), fnma(a.re, w.im, a.im * w.re)};
  }
}

/// Loads a complex register whose imaginary part lies `apart` numbers behind its real part.
template <class Isa, class T>
[[gnu::always_inline]] inline complex_vec<T, Isa> load_complex(const T* from, std::size_t apart) {
  return {held(load<Isa>(from)), held(load<Isa>(from + apart))};
}

template <class Isa, class T>
[[gnu::always_inline]] inline void store_complex(complex_vec<T, Isa> x, T* to, std::size_t apart) {
  store(x.re, to);
  store(x.im, to + apart);
}

/// One complex number in all lanes, from its two parts side by side.
template <class Isa, class T>
[[gnu::always_inline]] inline complex_vec<T, Isa> broadcast_complex(const T* from) {
  return {held(broadcast<Isa>(from[0])), held(broadcast<Isa>(from[1]))};
}

}  // namespace weir::fir::simd
