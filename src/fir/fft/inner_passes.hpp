#pragma once

#include "../memory_ahead.hpp"
#include "middle_pass.hpp"

/// All passes between the first and the last one, in the order that keeps numbers in the caches: groups of
/// the middle pass a few at a time, sub-transforms one after the other.
namespace weir::fir::simd {

/// Groups that go through the middle pass together: of one group each step would wait for the step before.
inline constexpr std::size_t groups_at_once = 4;

/// Where the group that begins at a slot lies.
template <class Isa, class T>
[[gnu::always_inline]] inline group_of_slots<T, Isa> group_at(T* buffer, std::size_t slot) {
  return {buffer + slot_offset<T>(slot)};
}

/// The last butterflies over the slots, the transform over the lanes, the response, and the way back, on
/// `groups_at_once` groups from the slot `first` on.
template <bool real_response, class Isa, class T>
[[gnu::always_inline]] inline void filter_groups(const transform_view<T>& plan, std::size_t first,
                                                 prefetcher& ahead, T* work) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  const std::size_t end = first + groups_at_once * side;
  for (std::size_t at = first; at < end; at += side) {
    for (std::size_t lane = 0; lane < side; lane += lanes) forward_over_slots(group_at<Isa>(work, at), lane);
    ahead.step();
  }
  for (std::size_t at = first; at < end; at += side) {
    const T* const twiddles = plan.lane_twiddles + 2 * (side - 1) * at;
    const T* const response = plan.response + side * (real_response ? 1 : 2) * at;
    for (std::size_t slot = 0; slot < side; slot += lanes) {
      apply_response<real_response>(group_at<Isa>(work, at), slot, twiddles, response);
    }
    ahead.step();
  }
  for (std::size_t at = first; at < end; at += side) {
    for (std::size_t lane = 0; lane < side; lane += lanes) inverse_over_slots(group_at<Isa>(work, at), lane);
    ahead.step();
  }
}

/// The first half of that, added to the sums.
template <class Isa, class T>
[[gnu::always_inline]] inline void add_groups(const transform_view<T>& plan, std::size_t first,
                                              prefetcher& ahead, T* work, T* sums) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  const std::size_t end = first + groups_at_once * side;
  for (std::size_t at = first; at < end; at += side) {
    for (std::size_t lane = 0; lane < side; lane += lanes) forward_over_slots(group_at<Isa>(work, at), lane);
    ahead.step();
  }
  for (std::size_t at = first; at < end; at += side) {
    const T* const twiddles = plan.lane_twiddles + 2 * (side - 1) * at;
    const T* const response = plan.response + 2 * side * at;
    for (std::size_t slot = 0; slot < side; slot += lanes) {
      add_response(group_at<Isa>(work, at), group_at<Isa>(sums, at), slot, twiddles, response);
    }
    ahead.step();
  }
}

/// The second half, from the sums to the work buffer.
template <class Isa, class T>
[[gnu::always_inline]] inline void return_groups(const transform_view<T>& plan, std::size_t first, T* sums,
                                                 T* work) {
  constexpr std::size_t side = lanes_of_order<T>;
  constexpr std::size_t lanes = vec<T, Isa>::lanes;
  const std::size_t end = first + groups_at_once * side;
  for (std::size_t at = first; at < end; at += side) {
    const T* const twiddles = plan.lane_twiddles + 2 * (side - 1) * at;
    for (std::size_t slot = 0; slot < side; slot += lanes) {
      inverse_over_lanes(group_at<Isa>(sums, at), group_at<Isa>(work, at), slot, twiddles);
    }
  }
  for (std::size_t at = first; at < end; at += side) {
    for (std::size_t lane = 0; lane < side; lane += lanes) inverse_over_slots(group_at<Isa>(work, at), lane);
  }
}

/// The passes from number `pass` on, and their inverses, or only those of one direction, on the
/// sub-transforms that `slots` slots from `first` on hold. Each goes all the way before the next one begins,
/// so that it stays in the smallest cache that holds it. `middle` is called for `groups_at_once` groups.
template <bool there, bool back, class Isa, class T>
void passes_inside(const transform_view<T>& plan, std::size_t pass, std::size_t first, std::size_t slots,
                   T* work, const auto& middle) {
  if (pass == plan.outer_passes) {
    constexpr std::size_t step = groups_at_once * lanes_of_order<T>;
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

/// All passes between the first and the last one. Meanwhile the cache is asked for what is ahead.
template <class Isa, class T>
void inner_passes(const transform_view<T>& plan, memory_ahead memory, T* work) {
  prefetcher ahead(memory, 3 * plan.slots / lanes_of_order<T>);  // three steps a group
  if (plan.real_response) {
    const auto middle = [&](std::size_t at) { filter_groups<true, Isa>(plan, at, ahead, work); };
    passes_inside<true, true, Isa>(plan, 1, 0, plan.slots, work, middle);
  } else {
    const auto middle = [&](std::size_t at) { filter_groups<false, Isa>(plan, at, ahead, work); };
    passes_inside<true, true, Isa>(plan, 1, 0, plan.slots, work, middle);
  }
}

/// The passes behind the first one up to the response, which is not taken for real; what comes out is added
/// to the sums, a buffer as large as the work buffer.
template <class Isa, class T>
void add_spectrum(const transform_view<T>& plan, memory_ahead memory, T* work, T* sums) {
  prefetcher ahead(memory, 2 * plan.slots / lanes_of_order<T>);  // two steps a group
  const auto middle = [&](std::size_t at) { add_groups<Isa>(plan, at, ahead, work, sums); };
  passes_inside<true, false, Isa>(plan, 1, 0, plan.slots, work, middle);
}

/// The inverse passes ahead of the last one, from sums of spectra to the work buffer.
template <class Isa, class T>
void return_spectrum(const transform_view<T>& plan, T* sums, T* work) {
  const auto middle = [&](std::size_t at) { return_groups<Isa>(plan, at, sums, work); };
  passes_inside<false, true, Isa>(plan, 1, 0, plan.slots, work, middle);
}

}  // namespace weir::fir::simd
