#pragma once

#include <cstddef>

#include "fft/transform_view.hpp"

namespace weir::fir {

/// The lengths of an overlap-save filter, which takes a row in pairs of segments of `length` samples. What
/// the taps reach out of a circle that is filtered is no valid output: the first `halo` samples and the last
/// `lookahead`. Overlapping segments are a circle each; joined ones are one together, and lose that once.
///
/// All are multiples of a cache line of samples, so that aligned rows are read and written by whole lines.
/// The halo ends ahead of the second segment, and a pair yields at least half as many outputs as it reads
/// samples.
struct segmentation {
  std::size_t length = 0;
  std::size_t halo = 0;
  std::size_t lookahead = 0;
  pairing pair = pairing::overlapping;

  /// Samples from the first segment's begin to the second's.
  std::size_t to_second() const { return length - overlap(); }
  /// Samples that a pair reads.
  std::size_t span() const { return to_second() + length; }
  /// Outputs that a pair yields, and the first segment and the second one of them.
  std::size_t valid() const { return span() - halo - lookahead; }
  std::size_t valid_of_first() const { return length - halo - (is_joined() ? 0 : lookahead); }
  std::size_t valid_of_second() const { return valid() - valid_of_first(); }

  /// Whether a work buffer of numbers of so many bytes is more than a first-level cache holds beside the row
  /// and the tables. The last pass of a pair and the first pass of the next one are then one loop; shorter
  /// transforms lose by it.
  bool outgrows_first_level(std::size_t bytes_a_number) const {
    return 2 * length * bytes_a_number >= least_bytes_beyond_first_level;
  }

 private:
  static constexpr std::size_t least_bytes_beyond_first_level = 32 * 1024;

  bool is_joined() const { return pair == pairing::joined; }
  std::size_t overlap() const { return is_joined() ? 0 : halo + lookahead; }
};

/// The segmentation that is fastest for a filter that reaches so many samples back and ahead, in numbers of
/// `bytes_a_number`. It depends on nothing else.
segmentation choose_segmentation(std::size_t back, std::size_t ahead, std::size_t bytes_a_number);

}  // namespace weir::fir
