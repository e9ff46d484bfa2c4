#pragma once

#include <concepts>

#include "short_sum_by_loads.hpp"
#include "short_sum_streamed.hpp"

/// The sum of few taps along a row of numbers in the arithmetic's own type.
namespace weir::fir::simd {

/// Where multiply-adds are two operations, results differ anyway, and the order of all other sums is faster.
template <class Isa>
inline constexpr bool has_short_sums = !std::same_as<Isa, baseline>;

/// Outputs of one tile.
template <class T, class Isa>
inline constexpr std::size_t short_sum_outputs =
    streams_short_sums<Isa> ? streamed_tile* vec<T, Isa>::lanes : loaded_outputs<T, Isa>;

template <class Isa, class T>
std::uint64_t short_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out) {
  if constexpr (streams_short_sums<Isa>) {
    return streamed_sum<Isa>(taps, count, window, outputs, out);
  } else {
    loaded_sum<Isa>(taps, count, window, outputs, out);
    return 0;
  }
}

}  // namespace weir::fir::simd
