#pragma once

#include <span>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/rate_ratio.hpp>

#include "kernels.hpp"

namespace weir::fir {

/// All outputs of a filter, by overlap-save, of which every down-th is kept: to the bits of the filter's own
/// outputs. Faster than the polyphase sums where the taps are many times `down`.
template <std::floating_point A>
class thinning_engine {
 public:
  thinning_engine(const filter_spec& spec, rate_ratio rate, instruction_set set);

  const row_filter<A>& filter_of_all() const { return filter_; }
  std::size_t before() const { return filter_.before(); }
  std::size_t after() const { return filter_.after(); }
  std::size_t grid() const { return filter_.grid(); }
  /// Numbers of scratch that a call needs, beside the filter's own.
  std::size_t scratch_size() const;

  /// The piece begins at sample `first` of its row.
  template <sample S>
  row_counts filter(std::size_t first, std::span<const A> before, std::span<const S> in,
                    std::span<const A> after, std::span<S> out, std::span<A> scratch,
                    typename row_filter<A>::scratch& inner) const;

 private:
  std::size_t step() const;

  row_filter<A> filter_;
  rate_ratio rate_;
  const kernel_set<A>* kernels_;
};

}  // namespace weir::fir
