#pragma once

#include <cstddef>

#include "../memory_ahead.hpp"

namespace weir::fir {

/// One pass of the transform over its slots.
template <class T>
struct transform_pass {
  std::size_t radix;
  std::size_t size;  ///< slots of one sub-transform; radix butterfly legs lie size / radix slots apart
  /// For each j < size / radix: exp(-2 pi i j t / size), t = 1 .. radix - 1. In the first pass of joined
  /// segments exp(-2 pi i j (t - 1/4) / size), t = 0 .. radix - 1.
  const T* twiddles;
};

/// How the two segments of a pair share a transform, as its real and its imaginary parts.
enum class pairing {
  overlapping,  ///< each is filtered in a circle of its own
  joined,       ///< the second follows the first, and both are filtered as one
};

/// A slot's numbers come in units of eight bytes: one number of float64, or two of float32.
inline constexpr std::size_t unit_bytes = 8;
inline constexpr std::size_t units_of_slot = 8;
/// Numbers of a unit.
template <class T>
inline constexpr std::size_t unit_lanes = unit_bytes / sizeof(T);

/// Slots of a group: as many as a slot has units, so that a group is a square matrix of them. Its transforms
/// are written for eight.
inline constexpr std::size_t group_slots = units_of_slot;
static_assert(group_slots == 8);

/// A transform and a filter's response, as kernels see it: not owning, nothing but numbers.
///
/// `length` complex numbers are seen as a matrix of `slots` rows by `lanes_of_order` lanes, row after row.
/// The transform of length N = lanes * slots follows from Cooley and Tukey's factorisation with n = lanes m +
/// l and k = q + slots p:
///   1. for each lane l a transform over the slots m, in decimation in frequency: `outer` passes and the
///      middle pass's first butterflies; slots then hold q in digit-reversed order;
///   2. twiddles exp(-2 pi i l q / N);
///   3. for each q a transform over the lanes l.
/// Step 2 and 3, the response, and their inverses are all done in the middle pass, where the units of
/// `group_slots` slots are transposed.
///
/// Joined segments a and b stand for a + x^N b. The product of that with taps modulo x^2N + 1 is read off the
/// product of a + i b with them modulo x^N - i: its real part is the first half, its imaginary part the
/// second (the right-angle convolution of Crandall and Fagin, Discrete weighted transforms and large-integer
/// arithmetic, 1994). The transform that makes it has the frequencies k - 1/4 in place of k, and so q - 1/4
/// in place of q. In the exponents -2 pi i n (k - 1/4) / N the quarter is a weight of each number n ahead of
/// a transform of the usual frequencies. With n = lanes (j + t slots / radix) + l, for leg t of the first
/// pass, t's part of the weight is multiplied by when samples are read, and its conjugate when results are
/// written; j's part is in the first pass's twiddles, which the first leg then has too; and l's is in the
/// lanes'.
///
/// In float32, where l = 2 a + b, step 3 is left when the transforms over the units a are done: they have
/// made z_b(p) for p < 8 and b = 0, 1. With w = exp(-2 pi i (q + slots p) / N) the last butterfly would be
/// z_0 + w z_1, the value at p, and z_0 - w z_1, that at p + 8. It, the response H and the butterfly back are
/// (S z_0 + D z_1, D' z_0 + S z_1) with S = H(p) + H(p + 8), D = w (H(p) - H(p + 8)) and D' =
/// conj(w) (H(p) - H(p + 8)): a product of polynomials modulo x^2 - w^2. It takes an exchange of neighbours,
/// where a transposition of numbers, and not of units, would have one step more there and one back.
template <class T>
struct transform_view {
  static constexpr std::size_t most_passes = 16;

  std::size_t length;
  pairing pair;
  std::size_t slots;
  std::size_t outer_passes;
  transform_pass<T> outer[most_passes];
  /// For each group, `lane_twiddles_of_group` numbers: for each unit a = 1 .. 7 the twiddles of its first
  /// lane in the group's slots. Float64: real parts and then imaginary parts; float32: each slot's two parts
  /// side by side.
  const T* lane_twiddles;
  /// For each group, `response_numbers_of_group` numbers: the response at the group's slots divided by
  /// `length`, in lines of one number (float64) or two (float32) for each slot.
  ///
  /// Float64: for each p < 8 a line of real parts and one of imaginary parts. Where it is real: for each p <
  /// 4 the sum of the response there and at p + 4, and then their differences, with the size that
  /// `eighth_turn` (butterflies.hpp) leaves out for the pair.
  ///
  /// Float32: for each p < 8 the real and imaginary part of S, the real parts of D and D', and their
  /// imaginary parts. Where it is real, and D' = conj(D): for each p < 4 the real parts of S and D, the same
  /// at p + 4, and the imaginary parts of D here and there.
  const T* response;
  bool real_response;
  cache_level level_ahead;  ///< where to ask for what the next transform reads
};

/// Numbers of `transform_view::lane_twiddles` for a group.
inline constexpr std::size_t lane_twiddles_of_group = 2 * group_slots * (units_of_slot - 1);

/// Numbers of `transform_view::response` for a group.
template <class T>
[[gnu::always_inline]] constexpr std::size_t response_numbers_of_group(bool is_real) {
  constexpr std::size_t line = group_slots * unit_lanes<T>;
  if constexpr (unit_lanes<T> == 1) return (is_real ? 8 : 16) * line;
  return (is_real ? 12 : 24) * line;
}

/// Where a slot lies in the work buffer, in slots. One slot in thirty-three is left free: without it the legs
/// of a butterfly, powers of two apart, would meet in the same few lines of the first-level cache.
[[gnu::always_inline]] constexpr std::size_t place_of_slot(std::size_t slot) {
  return slot + slot / 32;
}

/// The order in which the steps over the slots finish the rows of a transform of eight (see butterflies.hpp):
/// what one column of the inverse transform needs comes one after the other.
[[gnu::always_inline]] constexpr std::size_t row_in_turn(std::size_t i) {
  return i % 2 * 2 + i / 2;
}

/// The frequency of such a transform that is finished as number `turn`, and the inverse. Slots of a group are
/// in this order.
[[gnu::always_inline]] constexpr std::size_t frequency_in_turn(std::size_t turn) {
  return row_in_turn(turn / 2) + 4 * (turn % 2);
}
[[gnu::always_inline]] constexpr std::size_t turn_of_frequency(std::size_t frequency) {
  return row_in_turn(frequency % 4) * 2 + frequency / 4;
}

}  // namespace weir::fir
