#pragma once

#include <weir/sample_type.hpp>

#include "rounding_kernel.hpp"

/// Samples between their storage type and the arithmetic type, a register at a time.
namespace weir::fir::simd {

/// The numbers of `x` in lanes of type A, which are as wide or wider.
template <class A, class Isa, class Raw>
[[gnu::always_inline]] inline auto converted(Isa set, const Raw& x) {
  if constexpr (sizeof(lane_of<Raw>) >= sizeof(A)) {
    return __builtin_convertvector(x, typename raw<A, sizeof(Raw) / sizeof(lane_of<Raw>)>::type);
  } else {
    return converted<A>(set, widen(set, x));
  }
}

template <class Isa, class A, class S>
[[gnu::always_inline]] inline vec<A, Isa> load_samples(const S* from) {
  if constexpr (std::is_same_v<A, S>) {
    return load<Isa>(from);
  } else {
    using stored = raw<S, vec<A, Isa>::lanes>;
    const typename stored::type samples = *reinterpret_cast<const typename stored::in_memory*>(from);
    return {converted<A>(Isa{}, samples)};
  }
}

/// Looks whether results fit the samples as which they are stored. The look costs two operations a register,
/// and what to do with those that do not fit is not in the way.
template <class Isa, class A, class S>
class fit_of_results {
 public:
  using rounded = rounded_in<A, S>;
  static constexpr std::size_t lanes = Isa::register_bytes / sizeof(rounded);

  [[gnu::always_inline]] void look_at(lanes_of_bits<rounded, lanes> shifted) {
    above_ |= above_lowest<S, rounded, lanes>(shifted);
  }

  bool all() const {
    const auto beyond_any = beyond<S>(above_);
    bits_of<rounded> bits = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) bits |= beyond_any[lane];
    return bits == 0;
  }

 private:
  lanes_of_bits<rounded, lanes> above_{};
};

/// Floating-point samples hold every result.
template <class Isa, class A, std::floating_point S>
class fit_of_results<Isa, A, S> {
 public:
  static constexpr bool all() { return true; }
};

/// Stores one register of results as samples of type S; those that do not fit as any number.
template <class Isa, class A, class S>
[[gnu::always_inline]] inline void store_samples(vec<A, Isa> y, S* to, fit_of_results<Isa, A, S>& fit) {
  const auto store_raw = [&](const auto& stored, std::size_t at) {
    __builtin_memcpy(to + at, &stored, sizeof stored);
  };
  if constexpr (std::is_floating_point_v<S>) {
    store_raw(__builtin_convertvector(y.v, typename raw<S, vec<A, Isa>::lanes>::type), 0);
  } else {
    in_lanes_of<rounded_in<A, S>>(Isa{}, y.v, [&](auto part, std::size_t at) {
      constexpr std::size_t lanes = fit_of_results<Isa, A, S>::lanes;
      const auto shifted = shifted_bits<rounded_in<A, S>, lanes>(part);
      fit.look_at(shifted);
      store_raw(integers_of<S, rounded_in<A, S>, lanes>(shifted), at);
    });
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

/// Calls `store_one(y, at)` for `count` results, a register at a time, where `at` has room for a register's
/// samples; behind the last results there are zeros.
template <class Isa, class A, class S>
[[gnu::always_inline]] inline void store_each(const A* from, std::size_t count, S* to,
                                              const auto& store_one) {
  constexpr std::size_t lanes = vec<A, Isa>::lanes;
  std::size_t i = 0;
  for (; i + lanes <= count; i += lanes) store_one(load<Isa>(from + i), to + i);
  if (i < count) {
    A last_results[lanes] = {};
    S last_samples[lanes];
    __builtin_memcpy(last_results, from + i, (count - i) * sizeof(A));
    store_one(load<Isa, A>(last_results), last_samples);
    __builtin_memcpy(to + i, last_samples, (count - i) * sizeof(S));
  }
}

/// Stores `count` results as samples; false if one does not fit, and then what is stored is of no use.
template <class Isa, class A, class S>
bool store_fitting(const A* from, std::size_t count, S* to) {
  fit_of_results<Isa, A, S> fit;
  store_each<Isa>(from, count, to, [&](vec<A, Isa> y, S* at) { store_samples<Isa, A>(y, at, fit); });
  return fit.all();
}

/// Stores `count` results as the nearest samples and returns how many do not fit.
template <class Isa, class A, class S>
std::uint64_t store_saturated(const A* from, std::size_t count, S* to) {
  using rounded = rounded_in<A, S>;
  constexpr std::size_t lanes = Isa::register_bytes / sizeof(rounded);
  lanes_of_bits<rounded, lanes> clipped{};
  store_each<Isa>(from, count, to, [&](vec<A, Isa> y, S* at) {
    in_lanes_of<rounded>(Isa{}, y.v, [&](auto part, std::size_t begin) {
      const auto stored = saturated<S, rounded, lanes>(part, clipped);
      __builtin_memcpy(at + begin, &stored, sizeof stored);
    });
  });
  std::uint64_t total = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) total += clipped[lane];
  return total;
}

/// Stores `count` results as the nearest samples and returns how many do not fit. Nearly always all do, so
/// they are stored in that hope first, without what the others cost.
template <class Isa, class A, class S>
std::uint64_t write_samples(const A* from, std::size_t count, S* to) {
  if (store_fitting<Isa>(from, count, to)) return 0;
  if constexpr (std::is_integral_v<S>) return store_saturated<Isa>(from, count, to);
  return 0;
}

}  // namespace weir::fir::simd
