#pragma once

#include "passes.hpp"
#include "transpose.hpp"

namespace weir::fir::simd {

/// A square of complex numbers, as many lanes as slots, in the first-level cache.
template <class T>
struct square {
  static constexpr std::size_t side = lanes_of_order<T>;
  alignas(64) T numbers[2 * side * side];

  T* row(std::size_t r) { return numbers + 2 * side * r; }
};

/// Transposes a square part of `x`: register r's lanes become lane r of the registers, and lie in the rows
/// `first_row` and following of the square, from `column` on.
template <class T, class Isa>
[[gnu::always_inline]] inline void store_transposed(const complex_vec<T, Isa>* x, square<T>& to,
                                                    std::size_t first_row, std::size_t column) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  vec<T, Isa> re[lanes], im[lanes];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) re[r] = x[r].re;
  transpose(re);
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) store(re[r], to.row(first_row + r) + column);
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) im[r] = x[r].im;
  transpose(im);
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) store(im[r], to.row(first_row + r) + square<T>::side + column);
}

/// The inverse of `store_transposed`.
template <class T, class Isa>
[[gnu::always_inline]] inline void load_transposed(square<T>& from, std::size_t first_row, std::size_t column,
                                                   complex_vec<T, Isa>* x) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  vec<T, Isa> re[lanes], im[lanes];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) re[r] = load<Isa>(from.row(first_row + r) + column);
  transpose(re);
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) x[r].re = re[r];
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r)
    im[r] = load<Isa>(from.row(first_row + r) + square<T>::side + column);
  transpose(im);
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; ++r) x[r].im = im[r];
}

/// The transform over the lanes, the response, and the inverse transform, on the columns of the square from
/// `column` on.
template <bool real_response, class Isa, class T>
[[gnu::always_inline]] inline void apply_response(square<T>& values, std::size_t column, const T* twiddles,
                                                  const T* response) {
  constexpr std::size_t side = lanes_of_order<T>;
  complex_vec<T, Isa> x[side];
#pragma GCC unroll 16
  for (std::size_t l = 0; l < side; ++l) {
    x[l] = load_complex<Isa>(values.row(l) + column, side);
    if (l > 0) {
      x[l] =
          rotate<direction::forward>(x[l], load_complex<Isa>(twiddles + 2 * side * (l - 1) + column, side));
    }
  }
  dft<side, direction::forward>(x);
#pragma GCC unroll 16
  for (std::size_t p = 0; p < side; ++p) {
    if constexpr (real_response) {
      const auto gain = load<Isa>(response + side * p + column);
      x[p] = {x[p].re * gain, x[p].im * gain};
    } else {
      x[p] = rotate<direction::forward>(x[p], load_complex<Isa>(response + 2 * side * p + column, side));
    }
  }
  dft<side, direction::inverse>(x);
#pragma GCC unroll 16
  for (std::size_t l = 0; l < side; ++l) {
    if (l > 0) {
      x[l] =
          rotate<direction::inverse>(x[l], load_complex<Isa>(twiddles + 2 * side * (l - 1) + column, side));
    }
    store_complex(x[l], values.row(l) + column, side);
  }
}

/// The last butterflies over the slots, the transform over the lanes, the response, and the way back.
template <bool real_response, class Isa, class T>
void middle_pass(const transform_view<T>& plan, T* work) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  constexpr std::size_t response_numbers = side * side * (real_response ? 1 : 2);
  const T* twiddles = plan.lane_twiddles;
  const T* response = plan.response;
  for (std::size_t group = 0; group < plan.slots; group += side) {
    T* const slot = work + slot_offset<T>(group);
    square<T> values;
    for (std::size_t lane = 0; lane < side; lane += lanes) {
      complex_vec<T, Isa> x[side];
#pragma GCC unroll 16
      for (std::size_t s = 0; s < side; ++s)
        x[s] = load_complex<Isa>(slot + s * slot_numbers<T> + lane, side);
      dft<side, direction::forward>(x);
#pragma GCC unroll 16
      for (std::size_t s = 0; s < side; s += lanes) store_transposed(x + s, values, lane, s);
    }
    for (std::size_t column = 0; column < side; column += lanes) {
      apply_response<real_response, Isa>(values, column, twiddles, response);
    }
    for (std::size_t lane = 0; lane < side; lane += lanes) {
      complex_vec<T, Isa> x[side];
#pragma GCC unroll 16
      for (std::size_t s = 0; s < side; s += lanes) load_transposed(values, lane, s, x + s);
      dft<side, direction::inverse>(x);
#pragma GCC unroll 16
      for (std::size_t s = 0; s < side; ++s) store_complex(x[s], slot + s * slot_numbers<T> + lane, side);
    }
    twiddles += 2 * side * (side - 1);
    response += response_numbers;
  }
}

/// All passes between the first and the last one.
template <class Isa, class T>
void inner_passes(const transform_view<T>& plan, T* work) {
  for (std::size_t i = 1; i < plan.outer_passes; ++i) {
    slot_pass_of_any_radix<direction::forward, Isa>(plan.outer[i], plan.slots, work);
  }
  if (plan.real_response) {
    middle_pass<true, Isa>(plan, work);
  } else {
    middle_pass<false, Isa>(plan, work);
  }
  for (std::size_t i = plan.outer_passes; i-- > 1;) {
    slot_pass_of_any_radix<direction::inverse, Isa>(plan.outer[i], plan.slots, work);
  }
}

}  // namespace weir::fir::simd
