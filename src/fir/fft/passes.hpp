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

/// A twiddle's product with one leg of a butterfly; the first `plain_legs` have none.
template <direction d, std::size_t plain_legs, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> twiddled(complex_vec<T, Isa> x, std::size_t leg,
                                                           const T* twiddles) {
  if (leg < plain_legs) return x;
  return rotate<d>(x, broadcast_complex<Isa>(twiddles + 2 * (leg - plain_legs)));
}

/// The butterfly of one slot of each leg: `load(t, lane)` yields a register of leg t, `store(x, t, lane)`
/// takes result t. Forward: a transform and then twiddles (decimation in frequency). Inverse: conjugate
/// twiddles and then a transform (decimation in time), which undoes the forward one but for a factor `radix`.
///
/// Where registers are narrower than a slot, the first four of eight legs are read whole before the others:
/// eight lines of a row, a power of two apart, fill their set of the first-level cache, and the second half
/// of a line would be gone. Few registers do not hold eight complex numbers either.
template <std::size_t radix, direction d, std::size_t plain_legs, class Isa, class T>
[[gnu::always_inline]] inline void slot_butterfly(const T* twiddles, const auto& load, const auto& store) {
  static_assert(radix == 4 || radix == 8);
  constexpr bool forward = d == direction::forward;
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  constexpr std::size_t turns = lanes_of_order<T> / lanes;
  constexpr std::size_t columns = columns_of<radix>;
  complex_vec<T, Isa> y[turns][4][columns];
  const auto take_column = [&](std::size_t c, std::size_t turn) __attribute__((always_inline)) {
    complex_vec<T, Isa> x[4];
#pragma GCC unroll 4
    for (std::size_t t = 0; t < 4; ++t) {
      const std::size_t leg = c + columns * t;
      x[t] = load(leg, turn * lanes);
      if constexpr (!forward) x[t] = twiddled<d, plain_legs>(x[t], leg, twiddles);
    }
    dft_column<d>(x);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) y[turn][r][c] = x[r];
  };
  if constexpr (columns == 2) {
#pragma GCC unroll 4
    for (std::size_t turn = 0; turn < turns; ++turn) take_column(0, turn);
  }
#pragma GCC unroll 4
  for (std::size_t turn = 0; turn < turns; ++turn) {
    take_column(columns - 1, turn);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      dft_row<radix, d>(r, y[turn][r]);
#pragma GCC unroll 2
      for (std::size_t k = 0; k < columns; ++k) {
        const std::size_t leg = r + 4 * k;
        auto x = y[turn][r][k];
        if constexpr (forward) x = twiddled<d, plain_legs>(x, leg, twiddles);
        store(x, leg, turn * lanes);
      }
    }
  }
}

/// One pass, in place, on the sub-transform that begins at slot `first`.
template <std::size_t radix, direction d, class Isa, class T>
void slot_pass(const transform_pass<T>& pass, std::size_t first, T* work) {
  constexpr std::size_t side = lanes_of_order<T>;
  const std::size_t apart = pass.size / radix;
  T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(first + t * apart);
  constexpr std::size_t plain_legs = 1;
  const T* twiddles = pass.twiddles;
  for (std::size_t j = 0; j < apart; ++j, twiddles += 2 * (radix - plain_legs)) {
    const std::size_t at = slot_offset<T>(j);
    slot_butterfly<radix, d, plain_legs, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { return load_complex<Isa>(leg[t] + at + lane, side); },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { store_complex(x, leg[t] + at + lane, side); });
  }
}

/// The pass with the radix that it names.
template <direction d, class Isa, class T>
void slot_pass_of_any_radix(const transform_pass<T>& pass, std::size_t first, T* work) {
  if (pass.radix == 8) return slot_pass<8, d, Isa>(pass, first, work);
  slot_pass<4, d, Isa>(pass, first, work);
}

}  // namespace weir::fir::simd
