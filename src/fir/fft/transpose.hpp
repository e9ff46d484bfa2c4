#pragma once

#include "../simd.hpp"

/// Square matrices of registers, transposed in registers.
namespace weir::fir::simd {

/// Numbers in 128 bits: shuffles inside such a part of a register are cheaper than across.
template <class T>
inline constexpr std::size_t part_lanes = 16 / sizeof(T);

template <class T, class Isa, std::size_t... i, class Pick>
[[gnu::always_inline]] inline vec<T, Isa> shuffle(vec<T, Isa> a, vec<T, Isa> b, std::index_sequence<i...>,
                                                  Pick) {
  return {__builtin_shufflevector(a.v, b.v, Pick::at(i)...)};
}

/// Lane i of the interleaving of a and b by units of `unit` lanes, inside each 128-bit part: from the parts'
/// lower halves, or from the upper ones.
template <class T, std::size_t lanes, std::size_t unit, bool upper>
struct interleaved {
  static constexpr int at(std::size_t i) {
    const std::size_t part = i / part_lanes<T> * part_lanes<T>;
    const std::size_t inside = i % part_lanes<T>;
    const std::size_t from_b = inside / unit % 2;
    const std::size_t place = inside / (2 * unit) * unit + inside % unit + (upper ? part_lanes<T> / 2 : 0);
    return static_cast<int>(part + place + (from_b != 0 ? lanes : 0));
  }
};

/// Lane i when every second group of `unit` lanes is taken from a and b in turn: the even groups, or the odd.
template <std::size_t lanes, std::size_t unit, bool odd>
struct exchanged {
  static constexpr int at(std::size_t i) {
    const std::size_t group = i / unit;
    const std::size_t from_group = group / 2 * 2 + (odd ? 1 : 0);
    return static_cast<int>(from_group * unit + i % unit + (group % 2 != 0 ? lanes : 0));
  }
};

/// Transposes the 128-bit parts of rows[0..part_lanes), each in itself.
template <class T, class Isa>
[[gnu::always_inline]] inline void transpose_parts(vec<T, Isa>* x) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  constexpr auto every = std::make_index_sequence<lanes>();
  if constexpr (part_lanes<T> == 2) {
    const auto low = shuffle(x[0], x[1], every, interleaved<T, lanes, 1, false>());
    x[1] = shuffle(x[0], x[1], every, interleaved<T, lanes, 1, true>());
    x[0] = low;
  } else {
    const auto a = shuffle(x[0], x[1], every, interleaved<T, lanes, 1, false>());
    const auto b = shuffle(x[0], x[1], every, interleaved<T, lanes, 1, true>());
    const auto c = shuffle(x[2], x[3], every, interleaved<T, lanes, 1, false>());
    const auto e = shuffle(x[2], x[3], every, interleaved<T, lanes, 1, true>());
    x[0] = shuffle(a, c, every, interleaved<T, lanes, 2, false>());
    x[1] = shuffle(a, c, every, interleaved<T, lanes, 2, true>());
    x[2] = shuffle(b, e, every, interleaved<T, lanes, 2, false>());
    x[3] = shuffle(b, e, every, interleaved<T, lanes, 2, true>());
  }
}

/// Transposes rows[0..lanes). First the 128-bit parts are transposed each in itself, then among each other.
template <class T, class Isa>
[[gnu::always_inline]] inline void transpose(vec<T, Isa>* rows) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  constexpr std::size_t part = part_lanes<T>;
  constexpr auto every = std::make_index_sequence<lanes>();
#pragma GCC unroll 16
  for (std::size_t r = 0; r < lanes; r += part) transpose_parts(rows + r);
  const auto exchange = [&]<std::size_t unit>(std::integral_constant<std::size_t, unit>) {
#pragma GCC unroll 16
    for (std::size_t r = 0; r < lanes; ++r) {
      if ((r / unit) % 2 != 0) continue;
      const auto low = shuffle(rows[r], rows[r + unit], every, exchanged<lanes, unit, false>());
      rows[r + unit] = shuffle(rows[r], rows[r + unit], every, exchanged<lanes, unit, true>());
      rows[r] = low;
    }
  };
  if constexpr (lanes >= 2 * part) exchange(std::integral_constant<std::size_t, part>());
  if constexpr (lanes >= 4 * part) exchange(std::integral_constant<std::size_t, 2 * part>());
}

}  // namespace weir::fir::simd
