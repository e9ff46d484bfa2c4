#pragma once

#include <cstddef>

namespace weir::fir {

/// The lengths of an overlap-save filter. A segment of `length` samples yields `valid` outputs, those behind
/// its first `halo` samples; halo and valid are multiples of a cache line of samples, so that aligned rows
/// are read and written by whole lines.
struct segmentation {
  std::size_t length = 0;
  std::size_t halo = 0;
  std::size_t valid = 0;

  std::size_t lookahead() const { return length - halo - valid; }
};

/// The segmentation that is fastest for a filter that reaches so many samples back and ahead, in numbers of
/// `bytes_a_number`. It depends on nothing else.
segmentation choose_segmentation(std::size_t back, std::size_t ahead, std::size_t bytes_a_number);

}  // namespace weir::fir
