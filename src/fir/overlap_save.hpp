#pragma once

#include <cstddef>
#include <span>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>

#include "direct_engine.hpp"
#include "fft/transform_plan.hpp"
#include "kernels.hpp"
#include "segmentation.hpp"

namespace weir::fir {

/// Overlap-save: a row is taken in pairs of segments, one the real and one the imaginary part of a complex
/// transform. Pairs lie on a grid that begins at the row's first sample.
template <std::floating_point A>
class overlap_save {
 public:
  overlap_save(const filter_spec& spec, const kernel_set<A>& kernels);

  std::size_t before() const { return cut_.halo; }
  std::size_t after() const { return cut_.lookahead; }
  std::size_t pair_size() const { return cut_.valid(); }
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
  bool one_loop_;  // of the last pass of a pair and the first pass of the next one
};

}  // namespace weir::fir
