#pragma once

#include "../samples_kernel.hpp"
#include "passes.hpp"
#include "segment_pair.hpp"
#include "weights.hpp"

/// The transform's first and last pass, which read and write the row itself: the two segments of a pair are
/// the real and the imaginary parts. Where they are joined, numbers have weights (transform_view.hpp).
namespace weir::fir::simd {

/// Whether all samples of which these are sums of squares are finite, and far from overflow.
template <class Isa, class T>
[[gnu::always_inline]] inline bool is_harmless(vec<T, Isa> energy) {
  const T sum = sum_of_lanes(Isa{}, energy.v);
  return sum - sum == T{0};
}

/// The first pass, butterfly by butterfly: reads samples of the row, and sums their squares.
template <std::size_t radix, pairing pair, class Isa, class T, class S>
class row_reader {
 public:
  [[gnu::always_inline]] row_reader(std::size_t apart, const segment_pair_source<S>& source)
      : apart_(apart), source_(source), saved_end_(source.saved + source.saved_slots * lanes) {}

  /// Butterfly `j`, from the row to the legs in the work buffer.
  [[gnu::always_inline]] void take(std::size_t j, const T* twiddles, T* const* leg) {
    const std::size_t at = slot_offset<T>(j);
    // Counted from where the saved samples end.
    const std::ptrdiff_t first_slot = static_cast<std::ptrdiff_t>(j - source_.saved_slots);
    const S* const second = source_.second + j * lanes;
    // A sum of its own a butterfly: one chain through all of them would be slower than the butterflies.
    auto re_energy = broadcast<Isa>(T{0});
    auto im_energy = broadcast<Isa>(T{0});
    slot_butterfly<radix, direction::forward, plain_legs_of_row<pair>, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          const std::ptrdiff_t slot = first_slot + static_cast<std::ptrdiff_t>(t * apart_);
          const S* const first = slot < 0 ? saved_end_ : source_.first;
          const complex_vec<T, Isa> x{
              held(load_samples<Isa, T>(first + slot * static_cast<std::ptrdiff_t>(lanes) + lane)),
              held(load_samples<Isa, T>(second + t * apart_ * lanes + lane))};
          if constexpr (std::is_floating_point_v<S>) {
            re_energy = fma(x.re, x.re, re_energy);
            im_energy = fma(x.im, x.im, im_energy);
          }
          return pair == pairing::joined ? weighted<radix, direction::forward>(x, t) : x;
        },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { store_complex(x, leg[t] + at + lane, lanes); });
    if constexpr (std::is_floating_point_v<S>) energy_ = energy_ + (re_energy + im_energy);
  }

  /// Whether all samples were finite, and far from overflow.
  [[gnu::always_inline]] bool read_harmless() const { return is_harmless(energy_); }

 private:
  static constexpr std::size_t lanes = lanes_of_order<T>;

  const std::size_t apart_;
  const segment_pair_source<S> source_;
  const S* const saved_end_;
  vec<T, Isa> energy_ = broadcast<Isa>(T{0});
};

/// The last pass, butterfly by butterfly: writes the valid results to the row.
template <std::size_t radix, pairing pair, class Isa, class T, class S>
class row_writer {
 public:
  [[gnu::always_inline]] row_writer(std::size_t apart, const segment_pair_target<S>& target)
      : apart_(apart), target_(target) {}

  /// Butterfly `j`, from the legs in the work buffer to the row.
  [[gnu::always_inline]] void take(std::size_t j, const T* twiddles, const T* const* leg) {
    const std::size_t at = slot_offset<T>(j);
    slot_butterfly<radix, direction::inverse, plain_legs_of_row<pair>, Isa>(
        twiddles,
        [&](std::size_t t, std::size_t lane)
            __attribute__((always_inline)) { return load_complex<Isa>(leg[t] + at + lane, lanes); },
        [&](complex_vec<T, Isa> x, std::size_t t, std::size_t lane) __attribute__((always_inline)) {
          const std::size_t slot = t * apart_ + j;
          if constexpr (pair == pairing::joined) {
            x = weighted<radix, direction::inverse>(x, t);
            if (slot >= target_.skipped_slots)
              store_at(target_.first, slot - target_.skipped_slots, lane, x.re);
            if (slot < target_.end_slot) store_at(target_.second, slot, lane, x.im);
          } else {
            // Slots ahead of the valid part wrap around, and are behind it.
            const std::size_t valid = slot - target_.skipped_slots;
            if (valid >= target_.end_slot - target_.skipped_slots) return;
            store_at(target_.first, valid, lane, x.re);
            store_at(target_.second, valid, lane, x.im);
          }
        });
  }

  /// Whether all results fit the row's type.
  [[gnu::always_inline]] bool all_fit() const { return fit_.all(); }

 private:
  static constexpr std::size_t lanes = lanes_of_order<T>;

  [[gnu::always_inline]] void store_at(S* to, std::size_t slot, std::size_t lane, vec<T, Isa> x) {
    store_samples<Isa, T>(x, to + slot * lanes + lane, fit_);
  }

  const std::size_t apart_;
  const segment_pair_target<S> target_;
  fit_of_results<Isa, T, S> fit_;
};

/// Calls `take(j, twiddles, leg)` for each butterfly j of a transform's first or last pass: the twiddles are
/// the butterfly's, `leg` the places in the work buffer where the legs of butterfly 0 lie.
template <std::size_t radix, pairing pair, class T, class Number>
[[gnu::always_inline]] inline void for_each_butterfly(const transform_view<T>& plan, Number* work,
                                                      const auto& take) {
  const transform_pass<T>& pass = plan.outer[0];
  const std::size_t apart = pass.size / radix;
  Number* leg[radix];
  for (std::size_t t = 0; t < radix; ++t) leg[t] = work + slot_offset<T>(t * apart);
  const T* twiddles = pass.twiddles;
  for (std::size_t j = 0; j < apart; ++j, twiddles += 2 * (radix - plain_legs_of_row<pair>)) {
    take(j, twiddles, leg);
  }
}

template <std::size_t radix, pairing pair, class Isa, class T, class S>
bool first_pass(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  row_reader<radix, pair, Isa, T, S> reader(plan.outer[0].size / radix, source);
  for_each_butterfly<radix, pair>(
      plan, work, [&](std::size_t j, const T* twiddles, T* const* leg) __attribute__((always_inline)) {
        reader.take(j, twiddles, leg);
      });
  return reader.read_harmless();
}

template <std::size_t radix, pairing pair, class Isa, class T, class S>
bool last_pass(const transform_view<T>& plan, const T* work, const segment_pair_target<S>& target) {
  row_writer<radix, pair, Isa, T, S> writer(plan.outer[0].size / radix, target);
  for_each_butterfly<radix, pair>(
      plan, work, [&](std::size_t j, const T* twiddles, const T* const* leg) __attribute__((always_inline)) {
        writer.take(j, twiddles, leg);
      });
  return writer.all_fit();
}

/// The last pass of one pair and the first pass of another, butterfly by butterfly: a line of a work buffer
/// that outgrows the first-level cache comes to it once for both. Of joined segments; transforms of others
/// are shorter than what is worth it.
template <std::size_t radix, class Isa, class T>
bool last_and_first_pass(const transform_view<T>& plan, T* work, const segment_pair_target<T>& target,
                         const segment_pair_source<T>& source) {
  constexpr pairing pair = pairing::joined;
  row_writer<radix, pair, Isa, T, T> writer(plan.outer[0].size / radix, target);
  row_reader<radix, pair, Isa, T, T> reader(plan.outer[0].size / radix, source);
  for_each_butterfly<radix, pair>(
      plan, work, [&](std::size_t j, const T* twiddles, T* const* leg) __attribute__((always_inline)) {
        writer.take(j, twiddles, leg);
        reader.take(j, twiddles, leg);
      });
  return reader.read_harmless();
}

template <pairing pair, class Isa, class T, class S>
[[gnu::always_inline]] inline bool first_pass_of_any_radix(const transform_view<T>& plan,
                                                           const segment_pair_source<S>& source, T* work) {
  if (plan.outer[0].radix == 8) return first_pass<8, pair, Isa>(plan, source, work);
  return first_pass<4, pair, Isa>(plan, source, work);
}

template <pairing pair, class Isa, class T, class S>
[[gnu::always_inline]] inline bool last_pass_of_any_radix(const transform_view<T>& plan, const T* work,
                                                          const segment_pair_target<S>& target) {
  if (plan.outer[0].radix == 8) return last_pass<8, pair, Isa>(plan, work, target);
  return last_pass<4, pair, Isa>(plan, work, target);
}

/// The first pass with the radix and the pairing that the plan names.
template <class Isa, class T, class S>
bool first_pass_of_any_kind(const transform_view<T>& plan, const segment_pair_source<S>& source, T* work) {
  using enum pairing;
  return plan.pair == joined ? first_pass_of_any_radix<joined, Isa>(plan, source, work)
                             : first_pass_of_any_radix<overlapping, Isa>(plan, source, work);
}

template <class Isa, class T, class S>
bool last_pass_of_any_kind(const transform_view<T>& plan, const T* work,
                           const segment_pair_target<S>& target) {
  using enum pairing;
  return plan.pair == joined ? last_pass_of_any_radix<joined, Isa>(plan, work, target)
                             : last_pass_of_any_radix<overlapping, Isa>(plan, work, target);
}

template <class Isa, class T>
bool last_and_first_pass_of_any_radix(const transform_view<T>& plan, T* work,
                                      const segment_pair_target<T>& target,
                                      const segment_pair_source<T>& source) {
  if (plan.outer[0].radix == 8) {
    return last_and_first_pass<8, Isa>(plan, work, target, source);
  }
  return last_and_first_pass<4, Isa>(plan, work, target, source);
}

}  // namespace weir::fir::simd
