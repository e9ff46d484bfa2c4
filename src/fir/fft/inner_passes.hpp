#pragma once

#include "middle_pass.hpp"

/// All passes between the first and the last one, in the order that keeps numbers in the caches: groups of
/// the middle pass a few at a time, sub-transforms one after the other.
namespace weir::fir::simd {

/// The passes from number `pass` on, and their inverses, or only those of one direction, on the
/// sub-transforms that `slots` slots from `first` on hold. Each goes all the way before the next one begins,
/// so that it stays in the smallest cache that holds it. `middle` is called for `groups_at_once` groups.
template <bool there, bool back, class Isa, class T>
void passes_inside(const transform_view<T>& plan, std::size_t pass, std::size_t first, std::size_t slots,
                   T* work, const auto& middle) {
  if (pass == plan.outer_passes) {
    constexpr std::size_t step = groups_at_once * group_slots;
    for (std::size_t at = first; at < first + slots; at += step) middle(at);
    return;
  }
  const transform_pass<T>& here = plan.outer[pass];
  for (std::size_t at = first; at < first + slots; at += here.size) {
    if constexpr (there) slot_pass_of_any_radix<direction::forward, Isa>(here, at, work);
    passes_inside<there, back, Isa>(plan, pass + 1, at, here.size, work, middle);
    if constexpr (back) slot_pass_of_any_radix<direction::inverse, Isa>(here, at, work);
  }
}

template <bool real_response, class Isa, class T>
[[gnu::always_inline]] inline void inner_passes_with(const transform_view<T>& plan, memory_ahead memory,
                                                     T* work) {
  const middle_pass<real_response, Isa, T> middle{plan, work, nullptr};
  prefetcher ahead = ahead_of_transform(plan, memory, middle.requests_of_filter);
  passes_inside<true, true, Isa>(plan, 1, 0, plan.slots, work,
                                 [&](std::size_t first) { middle.filter(first, ahead); });
}

/// All passes between the first and the last one. Meanwhile the cache is asked for what is ahead.
template <class Isa, class T>
void inner_passes(const transform_view<T>& plan, memory_ahead memory, T* work) {
  if (plan.real_response) return inner_passes_with<true, Isa>(plan, memory, work);
  inner_passes_with<false, Isa>(plan, memory, work);
}

/// The passes behind the first one up to the response, which is not taken for real; what comes out is added
/// to the sums, a buffer as large as the work buffer.
template <class Isa, class T>
void add_spectrum(const transform_view<T>& plan, memory_ahead memory, T* work, T* sums) {
  using enum middle_step;
  prefetcher ahead = ahead_of_transform(plan, memory, 2);
  const middle_pass<false, Isa, T> middle{plan, work, sums};
  passes_inside<true, false, Isa>(plan, 1, 0, plan.slots, work, [&](std::size_t first) {
    middle.template take<forward_over_slots, add_response>(first, ahead);
  });
}

/// The inverse passes ahead of the last one, from sums of spectra to the work buffer.
template <class Isa, class T>
void return_spectrum(const transform_view<T>& plan, T* sums, T* work) {
  using enum middle_step;
  prefetcher nothing_ahead({}, 1, cache_level::first);
  const middle_pass<false, Isa, T> middle{plan, work, sums};
  passes_inside<false, true, Isa>(plan, 1, 0, plan.slots, work, [&](std::size_t first) {
    middle.template take<inverse_over_lanes, inverse_over_slots>(first, nothing_ahead);
  });
}

}  // namespace weir::fir::simd
