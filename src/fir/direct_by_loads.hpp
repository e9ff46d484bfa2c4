#pragma once

#include "direct_order.hpp"

/// Groups of taps whose samples are loaded from where a tap meets them.
namespace weir::fir::simd {

/// The samples in the middle of two registers that follow one another.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> between(vec<T, Isa> a, vec<T, Isa> b) {
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return vec<T, Isa>{__builtin_shufflevector(a.v, b.v, (lanes / 2 + i)...)};
  }
  (std::make_index_sequence<lanes>());
}

/// Adds to the accumulators the terms of `rounds` taps that lie `stride` apart.
template <std::size_t stride, std::size_t rounds, std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_residue(const T* taps, const T* window, vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t columns_apart = outputs_apart<T, Isa, stride> / stride;
  vec<T, Isa> tap[rounds];
#pragma GCC unroll 8
  for (std::size_t q = 0; q < rounds; ++q) tap[q] = held(broadcast<Isa>(taps[q * stride]));
  constexpr std::size_t columns = (tile - 1) * columns_apart + rounds;
  static_assert(columns_apart <= 2);
  auto x = held(load<Isa>(window));
  auto next = x;
#pragma GCC unroll 64
  for (std::size_t column = 0; column < columns; ++column) {
    if (columns_apart == 2 && column % 2 != 0 && column + 1 < columns) {
      // Wide loads that cross a line take twice as long as to put this one together.
      next = held(load<Isa>(window + (column + 1) * stride));
      x = between(x, next);
    } else if (columns_apart == 2 && column % 2 == 0) {
      x = next;
    } else {
      x = held(load<Isa>(window + column * stride));
    }
#pragma GCC unroll 8
    for (std::size_t q = 0; q < rounds; ++q) {
      if (q > column || (column - q) % columns_apart != 0) continue;
      const std::size_t m = (column - q) / columns_apart;
      if (m < tile) sums[m] = fma(x, tap[q], sums[m]);
    }
  }
}

/// Adds the terms of a group of `count` taps, at most group_taps of them.
template <std::size_t tile, class Isa, class T>
[[gnu::always_inline]] inline void add_group(const T* taps, std::size_t count, const T* window,
                                             vec<T, Isa> (&sums)[tile]) {
  constexpr std::size_t stride = tap_stride;
  const std::size_t rounds = (count + stride - 1) / stride;
  const std::size_t full = count - (rounds - 1) * stride;
  const auto add = [&]<std::size_t n>(std::size_t begin, std::size_t end,
                                      std::integral_constant<std::size_t, n>) {
    for (std::size_t r = begin; r < end; ++r) add_residue<stride, n>(taps + r, window + r, sums);
  };
  static_assert(group_rounds == 4);
  switch (rounds) {
    case 4:
      add(0, full, std::integral_constant<std::size_t, 4>());
      return add(full, stride, std::integral_constant<std::size_t, 3>());
    case 3:
      add(0, full, std::integral_constant<std::size_t, 3>());
      return add(full, stride, std::integral_constant<std::size_t, 2>());
    case 2:
      add(0, full, std::integral_constant<std::size_t, 2>());
      return add(full, stride, std::integral_constant<std::size_t, 1>());
    default:
      return add(0, full, std::integral_constant<std::size_t, 1>());
  }
}

}  // namespace weir::fir::simd
