#pragma once

#include "butterflies.hpp"
#include "transform_view.hpp"

/// The transform's passes over the slots of the work buffer. A slot holds lanes_of_order real parts and then
/// as many imaginary parts; registers narrower than that cover it in turns.
namespace weir::fir::simd {

template <class T>
inline constexpr std::size_t slot_numbers = 2 * lanes_of_order<T>;

/// Numbers from the work buffer's begin to a slot's.
template <class T>
[[gnu::always_inline]] inline std::size_t slot_offset(std::size_t slot) {
  return place_of_slot(slot) * slot_numbers<T>;
}

/// Forward: butterflies and then twiddles (decimation in frequency). Inverse: conjugate twiddles and then
/// butterflies (decimation in time), which undoes the forward pass but for a factor `radix`.
template <std::size_t radix, direction d, class T, class Isa>
[[gnu::always_inline]] inline void twiddled_dft(complex_vec<T, Isa>* x, const T* twiddles) {
  if constexpr (d == direction::forward) dft<radix, d, beside::rotations>(x);
#pragma GCC unroll 16
  for (std::size_t t = 1; t < radix; ++t) {
    x[t] = rotate<d>(x[t], broadcast_complex<Isa>(twiddles + 2 * (t - 1)));
  }
  if constexpr (d == direction::inverse) dft<radix, d, beside::rotations>(x);
}

/// One pass, in place, on the sub-transform that begins at slot `first`.
template <std::size_t radix, direction d, class Isa, class T>
void slot_pass(const transform_pass<T>& pass, std::size_t first, T* work) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const std::size_t apart = pass.size / radix;
  T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(first + t * apart);
  const T* twiddles = pass.twiddles;
  for (std::size_t j = 0; j < apart; ++j, twiddles += 2 * (radix - 1)) {
    const std::size_t at = slot_offset<T>(j);
    for (std::size_t turn = 0; turn < lanes; turn += vec<T, Isa>::lanes) {
      complex_vec<T, Isa> x[radix];
#pragma GCC unroll 16
      for (std::size_t t = 0; t < radix; ++t) x[t] = load_complex<Isa>(leg[t] + at + turn, lanes);
      twiddled_dft<radix, d>(x, twiddles);
#pragma GCC unroll 16
      for (std::size_t t = 0; t < radix; ++t) store_complex(x[t], leg[t] + at + turn, lanes);
    }
  }
}

/// The pass with the radix that it names.
template <direction d, class Isa, class T>
void slot_pass_of_any_radix(const transform_pass<T>& pass, std::size_t first, T* work) {
  if (pass.radix == 8) return slot_pass<8, d, Isa>(pass, first, work);
  slot_pass<4, d, Isa>(pass, first, work);
}

}  // namespace weir::fir::simd
