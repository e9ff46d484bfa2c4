#pragma once

#include <utility>

#include "../simd.hpp"
#include "transform_view.hpp"

/// Square matrices of registers, transposed in registers: of numbers in 128 bits, or of units of eight bytes.
namespace weir::fir::simd {

/// Units (transform_view.hpp) in a register.
template <class Isa>
inline constexpr std::size_t units_of_register = Isa::register_bytes / unit_bytes;

/// Numbers in 128 bits: shuffles inside such a part of a register are cheaper than across.
template <class T>
inline constexpr std::size_t part_lanes = 16 / sizeof(T);

template <class T, class Isa, std::size_t... i, class Pick>
[[gnu::always_inline]] inline vec<T, Isa> shuffle(vec<T, Isa> a, vec<T, Isa> b, std::index_sequence<i...>,
                                                  Pick) {
  return {__builtin_shufflevector(a.v, b.v, Pick::at(i)...)};
}

/// Lane i of the interleaving of a and b by runs of `run` lanes, inside each 128-bit part: from the parts'
/// lower halves, or from the upper ones.
template <class T, std::size_t lanes, std::size_t run, bool upper>
struct interleaved {
  static constexpr int at(std::size_t i) {
    const std::size_t part = i / part_lanes<T> * part_lanes<T>;
    const std::size_t inside = i % part_lanes<T>;
    const std::size_t from_b = inside / run % 2;
    const std::size_t place = inside / (2 * run) * run + inside % run + (upper ? part_lanes<T> / 2 : 0);
    return static_cast<int>(part + place + (from_b != 0 ? lanes : 0));
  }
};

/// Lane i of the lower halves of a and b, or of the upper ones.
template <std::size_t lanes, bool upper>
struct halves {
  static constexpr int at(std::size_t i) {
    return static_cast<int>(i % (lanes / 2) + (upper ? lanes / 2 : 0) + (i < lanes / 2 ? 0 : lanes));
  }
};

/// Lane i of every second group of `run` lanes of a and then of b: the even groups, or the odd.
template <std::size_t lanes, std::size_t run, bool odd>
struct every_second {
  static constexpr int at(std::size_t i) {
    return static_cast<int>((2 * (i / run) + (odd ? 1 : 0)) * run + i % run);
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

/// The lower halves of a and b, side by side, and their upper halves.
template <class Isa>
[[gnu::always_inline]] inline void pair_halves(vec<double, Isa>& a, vec<double, Isa>& b) {
  constexpr std::size_t lanes = units_of_register<Isa>;
  constexpr auto every = std::make_index_sequence<lanes>();
  const auto low = shuffle(a, b, every, halves<lanes, false>());
  b = shuffle(a, b, every, halves<lanes, true>());
  a = low;
}

/// The even 128-bit parts of a and b, side by side, and the odd ones.
template <class Isa>
[[gnu::always_inline]] inline void pair_every_second_part(vec<double, Isa>& a, vec<double, Isa>& b) {
  constexpr std::size_t lanes = units_of_register<Isa>;
  constexpr auto every = std::make_index_sequence<lanes>();
  const auto even = shuffle(a, b, every, every_second<lanes, part_lanes<double>, false>());
  b = shuffle(a, b, every, every_second<lanes, part_lanes<double>, true>());
  a = even;
}

/// Transposes the units of rows[0 .. units_of_register). First the 128-bit parts are transposed each in
/// itself, then among each other. Each step takes an operation that has its choice of lanes in itself, and
/// none in a register.
template <class Isa>
[[gnu::always_inline]] inline void transpose_units(vec<double, Isa>* rows) {
  constexpr std::size_t part = part_lanes<double>;
  constexpr std::size_t parts = units_of_register<Isa> / part;
  static_assert(parts == 1 || parts == 2 || parts == 4);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < parts * part; r += part) transpose_parts(rows + r);
#pragma GCC unroll 2
  for (std::size_t r = 0; r < part; ++r) {
    if constexpr (parts == 2) pair_halves(rows[r], rows[r + part]);
    if constexpr (parts == 4) {
      pair_halves(rows[r], rows[r + part]);
      pair_halves(rows[r + 2 * part], rows[r + 3 * part]);
      pair_every_second_part(rows[r], rows[r + 2 * part]);
      pair_every_second_part(rows[r + part], rows[r + 3 * part]);
      std::swap(rows[r + part], rows[r + 2 * part]);
    }
  }
}

/// In float32 a unit's two numbers stay side by side.
template <class Isa>
[[gnu::always_inline]] inline void transpose_units(vec<float, Isa>* rows) {
  constexpr std::size_t units = units_of_register<Isa>;
  vec<double, Isa> moved[units];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < units; ++r) {
    moved[r].v = reinterpret_cast<typename vec<double, Isa>::raw_type>(rows[r].v);
  }
  transpose_units(moved);
#pragma GCC unroll 8
  for (std::size_t r = 0; r < units; ++r) {
    rows[r].v = reinterpret_cast<typename vec<float, Isa>::raw_type>(moved[r].v);
  }
}

}  // namespace weir::fir::simd
