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
  const T sum = sum_of_lanes(Isa{}, energy.v);
  return sum - sum == T{0};
}

template <std::size_t radix, class Isa, class T, class S>
bool first_pass(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const transform_pass<T>& pass = plan.outer[0];
  const std::size_t apart = pass.size / radix;
  const std::size_t samples_of_leg = apart * lanes;
  T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(t * apart);
  const S* const saved_end = source.saved + source.saved_slots * lanes;
  auto energy = broadcast<Isa>(T{0});
  const T* twiddles = pass.twiddles;
  for (std::size_t j = 0; j < apart; ++j, twiddles += 2 * (radix - 1)) {
    const std::size_t at = slot_offset<T>(j);
    // Counted from where the saved samples end.
    const std::ptrdiff_t first_slot = static_cast<std::ptrdiff_t>(j - source.saved_slots);
    const S* const second = source.second + j * lanes;
    // A sum of its own a butterfly: one chain through all of them would be slower than the butterflies.
    auto re_energy = broadcast<Isa>(T{0});
    auto im_energy = broadcast<Isa>(T{0});
    slot_butterfly<radix, direction::forward, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          const std::ptrdiff_t slot = first_slot + static_cast<std::ptrdiff_t>(t * apart);
          const S* const first = slot < 0 ? saved_end : source.first;
          const complex_vec<T, Isa> x{
              held(load_samples<Isa, T>(first + slot * static_cast<std::ptrdiff_t>(lanes) + lane)),
              held(load_samples<Isa, T>(second + t * samples_of_leg + lane))};
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
  return is_harmless(energy);
}

template <class Isa, class T, class S>
bool first_pass_of_any_radix(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  if (plan.outer[0].radix == 8) return first_pass<8, Isa>(plan, source, work);
  return first_pass<4, Isa>(plan, source, work);
}

template <std::size_t radix, class Isa, class T, class S>
bool last_pass(const transform_view<T>& plan, const T* work, const segment_pair_target<S>& target) {
  constexpr std::size_t lanes = lanes_of_order<T>;
  const transform_pass<T>& pass = plan.outer[0];
  const std::size_t apart = pass.size / radix;
  const T* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(t * apart);
  fit_of_results<Isa, T, S> fit;
  const T* twiddles = pass.twiddles;
  for (std::size_t j = 0; j < apart; ++j, twiddles += 2 * (radix - 1)) {
    const std::size_t at = slot_offset<T>(j);
    slot_butterfly<radix, direction::inverse, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { return load_complex<Isa>(leg[t] + at + lane, lanes); },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          // Slots ahead of the valid part wrap around, and are behind it.
          const std::size_t slot = t * apart + j - target.skipped_slots;
          if (slot >= target.slots) return;
          store_samples<Isa, T>(x.re, target.first + slot * lanes + lane, fit);
          store_samples<Isa, T>(x.im, target.second + slot * lanes + lane, fit);
        });
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
