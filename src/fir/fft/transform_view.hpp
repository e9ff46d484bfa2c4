#pragma once

#include <cstddef>

#include "../memory_ahead.hpp"

namespace weir::fir {

/// One pass of the transform over its slots.
template <class T>
struct transform_pass {
  std::size_t radix;
  std::size_t size;   ///< slots of one sub-transform; radix butterfly legs lie size / radix slots apart
  const T* twiddles;  ///< for each j < size / radix: exp(-2 pi i j t / size), t = 1 .. radix - 1
};

/// A transform and a filter's response, as kernels see it: not owning, nothing but numbers.
///
/// `length` complex numbers are seen as a matrix of `slots` rows by `lanes_of_order` lanes, row after row.
/// The transform of length N = lanes * slots follows from Cooley and Tukey's factorisation with n = lanes m +
/// l and k = q + slots p:
///   1. for each lane l a transform over the slots m, in decimation in frequency: `outer` passes and the
///      middle pass's first butterflies; slots then hold q in digit-reversed order;
///   2. twiddles exp(-2 pi i l q / N);
///   3. for each q a transform over the lanes l.
/// Step 2 and 3, the response, and their inverses are all done in the middle pass, where `lanes_of_order`
/// slots are transposed.
template <class T>
struct transform_view {
  static constexpr std::size_t most_passes = 16;

  std::size_t length;
  std::size_t slots;
  std::size_t outer_passes;
  transform_pass<T> outer[most_passes];
  /// For each group of lanes_of_order slots and each l = 1 .. lanes_of_order - 1: the twiddles of the group's
  /// slots, real parts and then imaginary parts.
  const T* lane_twiddles;
  /// For each group and each p = 0 .. lanes_of_order - 1: the response at the group's slots divided by
  /// `length`, real parts and then imaginary parts. Where it is real: for each p of the first half the sum of
  /// the response there and at p + lanes_of_order / 2, and then their differences, with the size that
  /// `eighth_turn` (butterflies.hpp) leaves out for the pair.
  const T* response;
  bool real_response;
  cache_level level_ahead;  ///< where to ask for what the next transform reads
};

/// The power of exp(-2 pi i / 8) by which the last butterfly of a transform of `size`, that of the outputs p
/// and p + size / 2, turns its second number.
template <std::size_t size>
[[gnu::always_inline]] constexpr std::size_t eighths_of_pair(std::size_t p) {
  static_assert(size == 8 || size == 16);
  return size == 8 ? p : p / 4 * 2;
}

/// Where a slot lies in the work buffer, in slots. One slot in thirty-three is left free: without it the legs
/// of a butterfly, powers of two apart, would meet in the same few lines of the first-level cache.
[[gnu::always_inline]] constexpr std::size_t place_of_slot(std::size_t slot) {
  return slot + slot / 32;
}

/// The order in which the steps over the slots finish the rows of a transform of eight or sixteen (see
/// butterflies.hpp): what one column of the inverse transform needs comes one after the other.
[[gnu::always_inline]] constexpr std::size_t row_in_turn(std::size_t i) {
  return i % 2 * 2 + i / 2;
}

/// The frequency of such a transform that is finished as number `turn`, and the inverse. Slots of a group are
/// in this order.
template <std::size_t size>
[[gnu::always_inline]] constexpr std::size_t frequency_in_turn(std::size_t turn) {
  return row_in_turn(turn / (size / 4)) + 4 * (turn % (size / 4));
}
template <std::size_t size>
[[gnu::always_inline]] constexpr std::size_t turn_of_frequency(std::size_t frequency) {
  return row_in_turn(frequency % 4) * (size / 4) + frequency / 4;
}

}  // namespace weir::fir
