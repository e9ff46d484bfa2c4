#pragma once

#include "../samples_kernel.hpp"
#include "passes.hpp"
#include "segment_pair.hpp"

/// The transform's first and last pass, which read and write the row itself: the two segments of a pair are
/// the real and the imaginary parts.
namespace weir::fir::simd {

/// Whether all samples of which these are sums of squares are finite, and far from overflow.
template <class Isa, class T>
[[gnu::always_inline]] inline bool is_harmless(vec<T, Isa> energy) {
  T sum{0};
  for (std::size_t lane = 0; lane < vec<T, Isa>::lanes; ++lane) sum += energy.v[lane];
  return sum - sum == T{0};
}

/// Butterflies of the first pass whose legs begin at a[t] and b[t], for j in [begin, end).
template <std::size_t radix, class Isa, class T, class S>
[[gnu::always_inline]] inline vec<T, Isa> first_pass_range(const transform_pass<T>& pass, const S* const* a,
                                                           const S* const* b, std::size_t begin,
                                                           std::size_t end, T* work) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  auto energy = broadcast<Isa>(T{0});
  T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(t * (pass.size / radix));
  const T* twiddles = pass.twiddles + 2 * (radix - 1) * begin;
  for (std::size_t j = begin; j < end; ++j, twiddles += 2 * (radix - 1)) {
    const std::size_t at = slot_offset<T>(j);
    // A sum of its own a butterfly: one chain through all of them would be slower than the butterflies.
    auto re_energy = broadcast<Isa>(T{0});
    auto im_energy = broadcast<Isa>(T{0});
    slot_butterfly<radix, direction::forward, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          const complex_vec<T, Isa> x{held(load_samples<Isa, T>(a[t] + j * lanes + lane)),
                                      held(load_samples<Isa, T>(b[t] + j * lanes + lane))};
          if constexpr (std::is_floating_point_v<S>) {
            re_energy = fma(x.re, x.re, re_energy);
            im_energy = fma(x.im, x.im, im_energy);
          }
          return x;
        },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { store_complex(x, leg[t] + at + lane, lanes); });
    if constexpr (std::is_floating_point_v<S>) energy = energy + (re_energy + im_energy);
  }
  return energy;
}

template <std::size_t radix, class Isa, class T, class S>
bool first_pass(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const transform_pass<T>& pass = plan.outer[0];
  const std::size_t apart = pass.size / radix;
  // The one leg in which the saved samples end changes its source there; all others keep theirs.
  const std::size_t change = source.saved_slots % apart;
  auto energy = broadcast<Isa>(T{0});
  const std::size_t places[3] = {0, change, apart};
  for (std::size_t range = 0; range < 2; ++range) {
    const std::size_t begin = places[range];
    const std::size_t end = places[range + 1];
    const S* a[radix];
    const S* b[radix];
    for (std::size_t t = 0; t < radix; ++t) {
      const std::size_t slot = t * apart;
      a[t] = (slot + begin < source.saved_slots ? source.saved : source.first) + slot * lanes;
      b[t] = source.second + slot * lanes;
    }
    energy = energy + first_pass_range<radix, Isa>(pass, a, b, begin, end, work);
  }
  return is_harmless(energy);
}

template <class Isa, class T, class S>
bool first_pass_of_any_radix(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  if (plan.outer[0].radix == 8) return first_pass<8, Isa>(plan, source, work);
  return first_pass<4, Isa>(plan, source, work);
}

/// Butterflies of the last pass for j in [begin, end), stored from a[t] and b[t] on; legs whose `wanted` is
/// false are not stored.
template <std::size_t radix, class Isa, class T, class S>
[[gnu::always_inline]] inline void last_pass_range(const transform_pass<T>& pass, const T* work, S* const* a,
                                                   S* const* b, const bool* wanted, std::size_t begin,
                                                   std::size_t end, fit_of_results<Isa, T, S>& fit) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(t * (pass.size / radix));
  const T* twiddles = pass.twiddles + 2 * (radix - 1) * begin;
  for (std::size_t j = begin; j < end; ++j, twiddles += 2 * (radix - 1)) {
    const std::size_t at = slot_offset<T>(j);
    slot_butterfly<radix, direction::inverse, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { return load_complex<Isa>(leg[t] + at + lane, lanes); },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          if (!wanted[t]) return;
          store_samples<Isa, T>(x.re, a[t] + (j - begin) * lanes + lane, fit);
          store_samples<Isa, T>(x.im, b[t] + (j - begin) * lanes + lane, fit);
        });
  }
}

template <std::size_t radix, class Isa, class T, class S>
bool last_pass(const transform_view<T>& plan, const T* work, const segment_pair_target<S>& target) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const transform_pass<T>& pass = plan.outer[0];
  const std::size_t apart = pass.size / radix;
  // Between these places every leg is wholly wanted or wholly not.
  const std::size_t from = target.skipped_slots % apart;
  const std::size_t to = (target.skipped_slots + target.slots) % apart;
  const std::size_t places[4] = {0, from < to ? from : to, from < to ? to : from, apart};
  fit_of_results<Isa, T, S> fit;
  for (std::size_t range = 0; range < 3; ++range) {
    S* a[radix];
    S* b[radix];
    bool wanted[radix];
    for (std::size_t t = 0; t < radix; ++t) {
      const std::size_t slot = t * apart + places[range];
      wanted[t] = slot >= target.skipped_slots && slot < target.skipped_slots + target.slots;
      const std::size_t behind = wanted[t] ? (slot - target.skipped_slots) * lanes : 0;
      a[t] = target.first + behind;
      b[t] = target.second + behind;
    }
    last_pass_range<radix, Isa>(pass, work, a, b, wanted, places[range], places[range + 1], fit);
  }
  return fit.all();
}

template <class Isa, class T, class S>
bool last_pass_of_any_radix(const transform_view<T>& plan, const T* work,
                            const segment_pair_target<S>& target) {
  if (plan.outer[0].radix == 8) return last_pass<8, Isa>(plan, work, target);
  return last_pass<4, Isa>(plan, work, target);
}

}  // namespace weir::fir::simd
