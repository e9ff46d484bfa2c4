#pragma once

#include <bit>
#include <limits>

#include "lane_widths.hpp"

/// Results rounded to integers, a register at a time: to the nearest, ties to even.
namespace weir::fir::simd {

/// The number whose sum with a smaller one is rounded to an integer, because the unit in the last place is 1
/// there: the sum's bits are those of this number plus that integer. The lower half of its own bits is zero.
template <class F>
inline constexpr F rounding_shift = static_cast<F>(std::is_same_v<F, double> ? 0x1.8p52 : 0x1.8p23);

/// The type in which results are rounded to S: it holds every S, and the sums are exact.
template <class A, class S>
using rounded_in = std::conditional_t<std::is_same_v<S, std::int32_t>, double, A>;

template <class F>
using bits_of = std::conditional_t<sizeof(F) == sizeof(std::uint32_t), std::uint32_t, std::uint64_t>;

template <class F, std::size_t lanes>
using lanes_of_bits = typename raw<bits_of<F>, lanes>::type;

template <class F, std::size_t lanes>
[[gnu::always_inline]] inline lanes_of_bits<F, lanes> shifted_bits(typename raw<F, lanes>::type y) {
  return reinterpret_cast<lanes_of_bits<F, lanes>>(y + rounding_shift<F>);
}

/// How far the integer in shifted bits is above the lowest S: less than 2^(bits of an S) if it fits, and more
/// if it does not, or the number was so large, or NaN, that the bits are another's.
template <class S, class F, std::size_t lanes>
[[gnu::always_inline]] inline lanes_of_bits<F, lanes> above_lowest(lanes_of_bits<F, lanes> shifted) {
  constexpr F lowest = rounding_shift<F> + static_cast<F>(std::numeric_limits<S>::lowest());
  return shifted - std::bit_cast<bits_of<F>>(lowest);
}

/// Of `above_lowest`, or of several united: what is not zero where one of them does not fit.
template <class S, class Bits>
[[gnu::always_inline]] inline Bits beyond(Bits above) {
  return above >> (8 * sizeof(S));
}

/// The integers in shifted bits, if they fit.
template <class S, class F, std::size_t lanes>
[[gnu::always_inline]] inline typename raw<S, lanes>::type integers_of(lanes_of_bits<F, lanes> shifted) {
  if constexpr (sizeof(F) == sizeof(std::uint32_t)) {
    using lower_bits = typename raw<std::make_unsigned_t<S>, lanes>::type;
    return reinterpret_cast<typename raw<S, lanes>::type>(__builtin_convertvector(shifted, lower_bits));
  } else {
    // Said as a choice of lanes: compilers narrow lanes of 64 bits in many more steps.
    static_assert(std::endian::native == std::endian::little);
    constexpr std::size_t apart = sizeof(F) / sizeof(S);
    const auto parts = reinterpret_cast<typename raw<S, apart * lanes>::type>(shifted);
    return [&]<std::size_t... i>(std::index_sequence<i...>) {
      return __builtin_shufflevector(parts, parts, (apart * i)...);
    }
    (std::make_index_sequence<lanes>());
  }
}

/// The nearest S; NaN becomes 0. Counts, lane by lane, the numbers that do not fit.
template <class S, class F, std::size_t lanes>
[[gnu::always_inline]] inline typename raw<S, lanes>::type saturated(typename raw<F, lanes>::type y,
                                                                     lanes_of_bits<F, lanes>& clipped) {
  using floats = typename raw<F, lanes>::type;
  constexpr floats lowest = floats{} + static_cast<F>(std::numeric_limits<S>::lowest());
  constexpr floats highest = floats{} + static_cast<F>(std::numeric_limits<S>::max());
  const auto fits = beyond<S>(above_lowest<S, F, lanes>(shifted_bits<F, lanes>(y))) == 0;
  clipped += reinterpret_cast<lanes_of_bits<F, lanes>>(fits) + 1;
  const floats not_above = y < highest ? y : highest;
  const floats inside = not_above > lowest ? not_above : lowest;
  return integers_of<S, F, lanes>(shifted_bits<F, lanes>(y == y ? inside : floats{}));
}

}  // namespace weir::fir::simd
