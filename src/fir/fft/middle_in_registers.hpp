#pragma once

#include "../memory_ahead.hpp"
#include "lane_steps.hpp"

/// The middle pass where half of the registers hold a group: its numbers stay in them from the first step to
/// the last.
///
/// Each step of a group waits for the results of the one before, and the units of shuffles, sums and
/// products have their turns. So two groups go together, a step of the one beside another step of the other.
namespace weir::fir::simd {

template <class Isa>
inline constexpr bool keeps_groups_in_registers =
    units_of_register<Isa> == units_of_slot && 4 * group_slots <= Isa::registers;

/// One group on its way. The steps in order.
template <bool real_response, class T, class Isa>
class group_in_registers {
 public:
  [[gnu::always_inline]] group_in_registers(group_of_slots<T, Isa> group, const T* twiddles,
                                            const T* response)
      : group_(group), twiddles_(twiddles), response_(response) {}

  [[gnu::always_inline]] void read_columns() { columns_over_slots(group_, 0, y_); }
  [[gnu::always_inline]] void take_rows() {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) row_over_slots(i, y_, x_);
  }
  [[gnu::always_inline]] void transpose() {
    transpose_units(x_);
  }
  [[gnu::always_inline]] void take_lane_columns() {
    columns_over_lanes(
        [&](std::size_t a) __attribute__((always_inline)) { return x_[a]; }, twiddles_, y_);
  }
  [[gnu::always_inline]] void respond() {
    respond_to_rows<real_response>(y_, response_);
  }
  [[gnu::always_inline]] void return_lane_columns() {
    inverse_columns_over_lanes(
        [&](complex_vec<T, Isa> x, std::size_t a) __attribute__((always_inline)) { x_[a] = x; }, twiddles_,
        y_);
  }
  // And `transpose` again.
  [[gnu::always_inline]] void write() {
    inverse_column(x_, 4, y_);
    inverse_column(x_, 8, y_);
    inverse_rows_over_slots(group_, 0, y_);
  }

 private:
  const group_of_slots<T, Isa> group_;
  const T* const twiddles_;
  const T* const response_;
  complex_vec<T, Isa> x_[group_slots];
  rows_of_eight<T, Isa> y_;
};

/// The whole middle pass of two groups.
template <bool real_response, class T, class Isa>
[[gnu::always_inline]] inline void take_groups(group_in_registers<real_response, T, Isa> a,
                                               group_in_registers<real_response, T, Isa> b,
                                               prefetcher& ahead) {
  a.read_columns();
  a.take_rows();
  b.read_columns();
  ahead.step();
  a.transpose();
  b.take_rows();
  ahead.step();
  a.take_lane_columns();
  b.transpose();
  ahead.step();
  a.respond();
  b.take_lane_columns();
  ahead.step();
  a.return_lane_columns();
  b.respond();
  ahead.step();
  a.transpose();
  b.return_lane_columns();
  a.write();
  ahead.step();
  b.transpose();
  b.write();
}

}  // namespace weir::fir::simd
