#pragma once

#include <limits>

#include <weir/sample_type.hpp>

#include "simd.hpp"

/// Samples between their storage type and the arithmetic type, a register at a time.
namespace weir::fir::simd {

template <class Isa, class A, class S>
[[gnu::always_inline]] inline vec<A, Isa> load_samples(const S* from) {
  if constexpr (std::is_same_v<A, S>) {
    return load<Isa>(from);
  } else {
    constexpr std::size_t lanes = vec<A, Isa>::lanes;
    typename raw<S, lanes>::type stored;
    __builtin_memcpy(&stored, from, sizeof stored);
    if constexpr (std::is_floating_point_v<S>) {
      return {__builtin_convertvector(stored, typename raw<A, lanes>::type)};
    } else {
      const auto wide = __builtin_convertvector(stored, typename raw<std::int32_t, lanes>::type);
      return {__builtin_convertvector(wide, typename raw<A, lanes>::type)};
    }
  }
}

/// The number that, added and subtracted again, rounds smaller ones to the nearest integer, ties to even: the
/// unit in the last place of numbers near it is 1.
template <class F>
inline constexpr F rounding_shift = static_cast<F>(std::is_same_v<F, double> ? 0x1.8p52 : 0x1.8p23);

/// Counts of clipped samples, a counter a lane and as wide as it; a call counts fewer than 2^31 in each.
template <class F, std::size_t lanes>
using clip_counts =
    typename raw<std::conditional_t<sizeof(F) == sizeof(float), std::int32_t, std::int64_t>, lanes>::type;

/// Rounds to the nearest integer, ties to even, and saturates; NaN becomes 0. Counts in `clipped`, lane by
/// lane, the values that do not fit.
template <class S, std::size_t lanes, class F>
[[gnu::always_inline]] inline typename raw<std::int32_t, lanes>::type to_integers(
    const typename raw<F, lanes>::type& y, clip_counts<F, lanes>& clipped) {
  using floats = typename raw<F, lanes>::type;
  constexpr floats lowest = floats{} + static_cast<F>(std::numeric_limits<S>::lowest());
  constexpr floats highest = floats{} + static_cast<F>(std::numeric_limits<S>::max());
  const floats rounded = (y + rounding_shift<F>)-rounding_shift<F>;
  // Written as the processor's minimum and maximum, which give their second operand for NaN.
  const floats not_above = rounded < highest ? rounded : highest;
  const floats inside = not_above > lowest ? not_above : lowest;
  clipped -= inside != rounded;
  const floats stored = rounded == rounded ? inside : floats{};
  return __builtin_convertvector(stored, typename raw<std::int32_t, lanes>::type);
}

/// The counters of one call.
template <class A, class Isa>
struct clip_counter {
  static constexpr std::size_t lanes = vec<A, Isa>::lanes;
  clip_counts<A, lanes> counts{};

  std::uint64_t sum() const {
    std::int64_t total = 0;
    for (std::size_t i = 0; i < lanes; ++i) total += counts[i];
    return static_cast<std::uint64_t>(total);
  }
};

/// Stores one register of results as samples of type S.
template <class Isa, class A, class S>
[[gnu::always_inline]] inline void store_samples(vec<A, Isa> y, S* to, clip_counter<A, Isa>& clipped) {
  constexpr std::size_t lanes = vec<A, Isa>::lanes;
  if constexpr (std::is_same_v<A, S>) {
    store(y, to);
  } else {
    typename raw<S, lanes>::type stored;
    if constexpr (std::is_floating_point_v<S>) {
      stored = __builtin_convertvector(y.v, typename raw<S, lanes>::type);
    } else if constexpr (std::is_same_v<S, std::int32_t> && std::is_same_v<A, float>) {
      // The largest 32-bit integer is no float: the comparison needs doubles.
      const auto wide = __builtin_convertvector(y.v, typename raw<double, lanes>::type);
      clip_counts<double, lanes> found{};
      stored = to_integers<S, lanes, double>(wide, found);
      clipped.counts += __builtin_convertvector(found, clip_counts<A, lanes>);
    } else {
      stored = __builtin_convertvector(to_integers<S, lanes, A>(y.v, clipped.counts),
                                       typename raw<S, lanes>::type);
    }
    __builtin_memcpy(to, &stored, sizeof stored);
  }
}

/// Converts `count` samples and returns how many of them are NaN or infinite.
template <class Isa, class A, class S>
std::uint64_t read_samples(const S* from, std::size_t count, A* to) {
  constexpr std::size_t lanes = vec<A, Isa>::lanes;
  // One sum would be a chain of multiply-adds, each waiting for the one before.
  constexpr std::size_t sums = 4;
  const auto zero = broadcast<Isa>(A{0});
  vec<A, Isa> suspicions[sums] = {zero, zero, zero, zero};
  std::size_t i = 0;
  for (; i + sums * lanes <= count; i += sums * lanes) {
#pragma GCC unroll 4
    for (std::size_t k = 0; k < sums; ++k) {
      const auto x = load_samples<Isa, A>(from + i + k * lanes);
      store(x, to + i + k * lanes);
      // 0 * x is NaN for a non-finite x alone, and a NaN stays in the sum.
      if constexpr (std::is_floating_point_v<S>) suspicions[k] = fma(x, zero, suspicions[k]);
    }
  }
  const std::size_t by_one = i;
  for (; i < count; ++i) to[i] = static_cast<A>(from[i]);
  if constexpr (std::is_floating_point_v<S>) {
    const auto suspicion_of_lanes = (suspicions[0] + suspicions[1]) + (suspicions[2] + suspicions[3]);
    A suspicion{0};
    for (std::size_t lane = 0; lane < lanes; ++lane) suspicion += suspicion_of_lanes.v[lane];
    for (std::size_t j = by_one; j < count; ++j) suspicion += to[j] * A{0};
    if (suspicion == suspicion) return 0;
    std::uint64_t nonfinite = 0;
    for (std::size_t j = 0; j < count; ++j) nonfinite += !__builtin_isfinite(from[j]);
    return nonfinite;
  }
  return 0;
}

/// Stores `count` results as samples and returns how many of them were clipped.
template <class Isa, class A, class S>
std::uint64_t write_samples(const A* from, std::size_t count, S* to) {
  constexpr std::size_t lanes = vec<A, Isa>::lanes;
  clip_counter<A, Isa> clipped;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) store_samples<Isa, A>(load<Isa>(from + i), to + i, clipped);
  if (i < count) {
    A last_results[lanes] = {};
    S last_samples[lanes];
    __builtin_memcpy(last_results, from + i, (count - i) * sizeof(A));
    store_samples<Isa, A>(load<Isa, A>(last_results), last_samples, clipped);
    __builtin_memcpy(to + i, last_samples, (count - i) * sizeof(S));
  }
  return clipped.sum();
}

}  // namespace weir::fir::simd
