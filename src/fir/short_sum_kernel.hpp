#pragma once

#include <utility>

#include <weir/fir/aligned_buffer.hpp>

#include "short_sum_by_loads.hpp"
#include "short_sum_streamed.hpp"

/// The direct sum of few taps.
namespace weir::fir::simd {

/// Whether the samples of a window go through registers as those of a row do. It lies in the first-level
/// cache, where loads are cheap unless they are as wide as a line.
template <class Isa>
inline constexpr bool streams_windows = Isa::register_bytes == cache_line_bytes;

/// Outputs of one tile over a window.
template <class T, class Isa>
inline constexpr std::size_t short_sum_outputs =
    streams_windows<Isa> ? streamed_tile* vec<T, Isa>::lanes : loaded_outputs<T, Isa>;

template <class Isa, class T>
std::uint64_t streamed_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out,
                           memory_ahead memory) {
  using sum = std::uint64_t (*)(const T*, const T*, std::size_t, T*, memory_ahead);
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    constexpr sum of_count[] = {&streamed_sum_of<i + 1, Isa, T>...};
    return of_count[count - 1](taps, window, outputs, out, memory);
  }
  (std::make_index_sequence<most_short_taps>());
}

/// Over a window, tiles that cover `outputs`.
template <class Isa, class T>
void short_sum(const T* taps, std::size_t count, const T* window, std::size_t outputs, T* out,
               memory_ahead memory) {
  if constexpr (streams_windows<Isa>) {
    streamed_sum<Isa>(taps, count, window, outputs, out, memory);
  } else {
    loaded_sum<Isa>(taps, count, window, outputs, out, memory);
  }
}

}  // namespace weir::fir::simd
