#pragma once

#include "../memory_ahead.hpp"
#include "lane_steps.hpp"
#include "middle_in_registers.hpp"

/// The pass between the passes over the slots and their inverses.
namespace weir::fir::simd {

/// Asks for what a transform's next pair reads, in so many steps for each group.
template <class T>
[[gnu::always_inline]] inline prefetcher ahead_of_transform(const transform_view<T>& plan,
                                                            memory_ahead memory, std::size_t steps_a_group) {
  return prefetcher(memory, steps_a_group * plan.slots / group_slots, plan.level_ahead);
}

/// Groups that go through the middle pass together.
inline constexpr std::size_t groups_at_once = 4;

/// The steps of a middle pass (slot_steps.hpp, lane_steps.hpp): over the slots, over the lanes, over the
/// slots. Where spectra are summed, the one over the lanes is two.
enum class middle_step {
  forward_over_slots,
  apply_response,
  add_response,
  inverse_over_lanes,
  inverse_over_slots,
};

/// The middle pass of a plan. Sums of spectra are in a buffer like the work buffer.
template <bool real_response, class Isa, class T>
struct middle_pass {
  const transform_view<T>& plan;
  T* work;
  T* sums;

  /// How often `filter` asks for memory ahead, for one group.
  static constexpr std::size_t requests_of_filter =
      keeps_groups_in_registers<Isa> ? 3 : 3 + 2 * units_of_slot / units_of_register<Isa>;

  /// All steps for the `groups_at_once` groups from the slot `first` on.
  [[gnu::always_inline]] void filter(std::size_t first, prefetcher& ahead) const {
    using enum middle_step;
    if constexpr (keeps_groups_in_registers<Isa>) {
      for (std::size_t i = 0; i < groups_at_once; i += 2) {
        take_groups(in_registers(first + i * group_slots), in_registers(first + (i + 1) * group_slots),
                    ahead);
      }
    } else {
      take<forward_over_slots, apply_response, inverse_over_slots>(first, ahead);
    }
  }

  /// Takes the steps for the `groups_at_once` groups from the slot `first` on.
  template <middle_step... steps>
  [[gnu::always_inline]] void take(std::size_t first, prefetcher& ahead) const {
    (take_for_all<steps>(first, ahead), ...);
  }

 private:
  static constexpr std::size_t units = units_of_register<Isa>;

  [[gnu::always_inline]] group_in_registers<real_response, T, Isa> in_registers(std::size_t at) const {
    return {{work + slot_offset<T>(at)}, twiddles_of(at), response_of(at)};
  }

  [[gnu::always_inline]] const T* twiddles_of(std::size_t at) const {
    return plan.lane_twiddles + lane_twiddles_of_group * (at / group_slots);
  }
  [[gnu::always_inline]] const T* response_of(std::size_t at) const {
    return plan.response + response_numbers_of_group<T>(real_response) * (at / group_slots);
  }

  template <middle_step step>
  [[gnu::always_inline]] void take_for_all(std::size_t first, prefetcher& ahead) const {
    for (std::size_t i = 0; i < groups_at_once; ++i) take_step<step>(first + i * group_slots, ahead);
  }

  /// One step for the group that begins at slot `at`.
  template <middle_step step>
  [[gnu::always_inline]] void take_step(std::size_t at, prefetcher& ahead) const {
    const group_of_slots<T, Isa> group{work + slot_offset<T>(at)};
    const T* const twiddles = twiddles_of(at);
    const T* const response = response_of(at);
    for (std::size_t i = 0; i < units_of_slot; i += units) {
      if constexpr (step == middle_step::forward_over_slots) {
        forward_over_slots(group, i * unit_lanes<T>);
      } else if constexpr (step == middle_step::apply_response) {
        apply_response<real_response>(group, i, twiddles, response, ahead);
      } else if constexpr (step == middle_step::inverse_over_slots) {
        inverse_over_slots(group, i * unit_lanes<T>);
      } else {
        const group_of_slots<T, Isa> group_sums{sums + slot_offset<T>(at)};
        if constexpr (step == middle_step::add_response) {
          add_response(group, group_sums, i, twiddles, response);
        } else {
          inverse_over_lanes(group_sums, group, i, twiddles);
        }
      }
    }
    ahead.step();
  }
};

}  // namespace weir::fir::simd
