#pragma once

#include "neighbours.hpp"
#include "slot_steps.hpp"

/// The response in the middle pass (middle_pass.hpp): between the rows of a transform over the units and the
/// rows of its inverse, on as many slots as a register holds units.
namespace weir::fir::simd {

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

/// (S z0 + D z1, conj(D) z0 + S z1) for each unit (z0, z1): a real response in float32, of `sum` and
/// `difference` for both numbers of the unit.
template <class Isa>
[[gnu::always_inline]] inline complex_vec<float, Isa> respond_to_neighbours(
    complex_vec<float, Isa> z, vec<float, Isa> sum, complex_vec<float, Isa> difference) {
  const auto other = exchanged(z);
  const auto re = fma_alternating(sum, z.re, difference.im * other.im);
  const vec<float, Isa> minus_turned{-(difference.im * other.re).v};
  const auto im = fma_alternating(sum, z.im, minus_turned);
  return {fma(other.re, difference.re, re), fma(other.im, difference.re, im)};
}

/// Row r, its real response, and the inverse row. `response` is that of the first slot that is wanted.
template <class Isa>
[[gnu::always_inline]] inline void respond_to_row(std::size_t r, complex_vec<double, Isa>* y,
                                                  const double* response) {
  constexpr std::size_t line = lanes_of_order<double>;
  const double* const sum = response + line * r;
  respond_to_pair(r, y[0], y[1], load<Isa>(sum), load<Isa>(sum + 4 * line));
}
template <class Isa>
[[gnu::always_inline]] inline void respond_to_row(std::size_t r, complex_vec<float, Isa>* y,
                                                  const float* response) {
  constexpr std::size_t line = lanes_of_order<float>;
  const float* const of_row = response + 3 * line * r;
  const auto difference_im = load_twice<Isa>(of_row + 2 * line);  // of both frequencies
  const auto respond = [&](complex_vec<float, Isa> & z, const float* real_parts, vec<float, Isa> im)
      __attribute__((always_inline)) {
    const auto [sum, difference_re] = load_twice<Isa>(real_parts);
    z = respond_to_neighbours(z, sum, {difference_re, im});
  };
  dft_row<8, direction::forward>(r, y);
  respond(y[0], of_row, difference_im.first);
  respond(y[1], of_row + line, difference_im.second);
  dft_row_first<direction::inverse>(r, y);
}

/// The numbers of frequency p, times the complex response there.
template <class Isa>
[[gnu::always_inline]] inline complex_vec<double, Isa> responded(complex_vec<double, Isa> z, std::size_t p,
                                                                 const double* response) {
  constexpr std::size_t line = lanes_of_order<double>;
  return rotate<direction::forward>(z, load_complex<Isa>(response + 2 * line * p, line));
}
template <class Isa>
[[gnu::always_inline]] inline complex_vec<float, Isa> responded(complex_vec<float, Isa> z, std::size_t p,
                                                                const float* response) {
  constexpr std::size_t line = lanes_of_order<float>;
  const float* const at = response + 3 * line * p;
  const auto [sum_re, sum_im] = load_twice<Isa>(at);
  const auto own = rotate<direction::forward>(z, {sum_re, sum_im});
  const auto difference = load_complex<Isa>(at + line, line);
  const auto other = exchanged(z);
  return {fnma(other.im, difference.im, fma(other.re, difference.re, own.re)),
          fma(other.re, difference.im, fma(other.im, difference.re, own.im))};
}

/// The rows, their response, and the inverse rows.
template <bool real_response, class T, class Isa>
[[gnu::always_inline]] inline void respond_to_rows(rows_of_eight<T, Isa>& y, const T* response) {
#pragma GCC unroll 4
  for (std::size_t r = 0; r < 4; ++r) {
    if constexpr (real_response) {
      respond_to_row(r, y[r], response);
    } else {
      dft_row<8, direction::forward>(r, y[r]);
      y[r][0] = responded(y[r][0], r, response);
      y[r][1] = responded(y[r][1], r + 4, response);
      dft_row_first<direction::inverse>(r, y[r]);
    }
  }
}

}  // namespace weir::fir::simd
