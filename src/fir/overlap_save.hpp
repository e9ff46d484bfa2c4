#pragma once

#include <cstddef>
#include <span>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>

#include "direct_engine.hpp"
#include "fft/transform_plan.hpp"
#include "kernels.hpp"

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

/// Overlap-save: a row is taken in pairs of consecutive segments, one the real and one the imaginary part of
/// a complex transform. Pairs lie on a grid that begins at the row's first sample.
template <std::floating_point A>
class overlap_save {
 public:
  overlap_save(const filter_spec& spec, const kernel_set<A>& kernels);

  std::size_t before() const { return cut_.halo; }
  std::size_t after() const { return cut_.lookahead(); }
  std::size_t pair_size() const { return 2 * cut_.valid; }
  std::size_t length() const { return cut_.length; }
  /// Numbers of scratch that a call needs.
  std::size_t scratch_size() const;

  template <sample S>
  row_counts filter(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                    std::span<S> out, std::span<A> scratch) const;

 private:
  template <sample S>
  class run;

  std::size_t work_size() const;
  std::size_t stage_size() const;

  const kernel_set<A>* kernels_;
  direct_engine<A> direct_;  // for stretches that hold a sample that is not finite
  segmentation cut_;
  transform_plan<A> plan_;
};

}  // namespace weir::fir
