#pragma once

#include <cstddef>

namespace weir::fir {

/// Two segments of a row, each as long as the transform. A slot is lanes_of_order samples.
template <class S>
struct segment_pair_source {
  const S* saved;           ///< the first segment's first samples, which are not in the row (any more)
  std::size_t saved_slots;  ///< how many slots of them
  const S* first;           ///< the first segment's samples behind the saved ones
  const S* second;          ///< the second segment
};

/// Where the valid parts of two filtered segments go. Overlapping segments are valid from slot
/// `skipped_slots` up to slot `end_slot`; of joined ones the first is from `skipped_slots` to its end, and
/// the second from its begin up to `end_slot`.
template <class S>
struct segment_pair_target {
  S* first;   ///< where the first segment's valid part begins
  S* second;  ///< where the second segment's begins
  std::size_t skipped_slots;
  std::size_t end_slot;
};

}  // namespace weir::fir
