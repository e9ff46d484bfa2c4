#pragma once

#include "fft/transpose.hpp"
#include "samples_kernel.hpp"

/// Samples dealt out into streams: each stream takes every `streams`-th sample.
namespace weir::fir::simd {

/// Registers of 128 bits on the way to those of an instruction set.
template <class Isa>
struct part_of {
  static constexpr std::size_t register_bytes = 16;
};

/// The samples from `from` on in the first 128 bits of a register, those `apart` samples behind them in the
/// next, and so on.
template <class Isa, class A, class S>
[[gnu::always_inline]] inline vec<A, Isa> load_parts(const S* from, std::size_t apart) {
  constexpr std::size_t parts = Isa::register_bytes / 16;
  const auto load_part = [&](std::size_t i) { return load_samples<part_of<Isa>, A>(from + i * apart).v; };
  const auto join = []<std::size_t... i>(const auto& low, const auto& high, std::index_sequence<i...>) {
    return __builtin_shufflevector(low, high, i...);
  };
  static_assert(parts == 1 || parts == 2 || parts == 4);
  if constexpr (parts == 1) {
    return {load_part(0)};
  } else {
    constexpr auto pair = std::make_index_sequence<2 * part_lanes<A>>();
    const auto low = join(load_part(0), load_part(1), pair);
    if constexpr (parts == 2) {
      return {low};
    } else {
      const auto high = join(load_part(2), load_part(3), pair);
      return {join(low, high, std::make_index_sequence<4 * part_lanes<A>>())};
    }
  }
}

/// to[r * stride + i] = from[i * streams + r] in the arithmetic type, for all streams r and i < columns.
/// Returns how many of the samples are NaN or infinite.
///
/// As many streams as 128 bits hold are transposed at a time. Where there are fewer, a load reaches into the
/// next column: the last one is then left to the end.
template <class Isa, class A, class S>
std::uint64_t deal_out(const S* from, std::size_t streams, std::size_t columns, A* to, std::size_t stride) {
  constexpr std::size_t lanes = vec<A, Isa>::lanes;
  constexpr std::size_t part = part_lanes<A>;
  if (streams == 1) return read_samples<Isa, A>(from, columns, to);
  const bool narrow = streams < part;
  const std::size_t whole = (columns - (narrow && columns > 0 ? 1 : 0)) / lanes * lanes;
  const auto zero = broadcast<Isa>(A{0});
  auto suspicion_of_lanes = zero;
  const auto deal = [&]<std::size_t wanted>(std::size_t r, std::integral_constant<std::size_t, wanted>) {
    for (std::size_t i = 0; i < whole; i += lanes) {
      vec<A, Isa> rows[part];
#pragma GCC unroll 4
      for (std::size_t k = 0; k < part; ++k) {
        rows[k] = load_parts<Isa, A>(from + (i + k) * streams + r, part * streams);
      }
      transpose_parts(rows);
      // 0 * x is NaN for a non-finite x alone, and a NaN stays in the sum.
      auto suspicion = rows[0] * zero;
#pragma GCC unroll 4
      for (std::size_t k = 0; k < wanted; ++k) {
        store(rows[k], to + (r + k) * stride + i);
        if (k > 0) suspicion = fma(rows[k], zero, suspicion);
      }
      if constexpr (std::is_floating_point_v<S>) suspicion_of_lanes = suspicion_of_lanes + suspicion;
    }
  };
  using all = std::integral_constant<std::size_t, part>;
  if (narrow) {
    if constexpr (part > 2) {
      if (streams == 2) deal(0, std::integral_constant<std::size_t, 2>());
      if (streams == 3) deal(0, std::integral_constant<std::size_t, 3>());
    }
  } else {
    for (std::size_t r = 0; r + part <= streams; r += part) deal(r, all());
    // The last ones overlap those before: to deal a stream out twice is cheaper than one by one.
    if (streams % part != 0) deal(streams - part, all());
  }
  A suspicion{0};
  for (std::size_t lane = 0; lane < lanes; ++lane) suspicion += suspicion_of_lanes.v[lane];
  for (std::size_t i = whole; i < columns; ++i) {
    for (std::size_t r = 0; r < streams; ++r) {
      const A x = static_cast<A>(from[i * streams + r]);
      to[r * stride + i] = x;
      if constexpr (std::is_floating_point_v<S>) suspicion += x * A{0};
    }
  }
  if (suspicion == suspicion) return 0;
  std::uint64_t nonfinite = 0;
  if constexpr (std::is_floating_point_v<S>) {
    for (std::size_t i = 0; i < columns * streams; ++i) nonfinite += !__builtin_isfinite(from[i]);
  }
  return nonfinite;
}

}  // namespace weir::fir::simd
