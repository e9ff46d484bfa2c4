#pragma once

#include <span>
#include <vector>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>

#include "kernels.hpp"

namespace weir::fir {

/// The direct sum along a piece of a row, through a window of samples in the arithmetic type that slides over
/// it. The window holds what the outputs yet to be stored need, so the piece can be filtered in place. Few
/// taps need no window where registers hold as much.
template <std::floating_point A>
class direct_engine {
 public:
  direct_engine(const filter_spec& spec, const kernel_set<A>& kernels);

  std::size_t before() const { return reversed_taps_.size() - 1 - advance_; }
  std::size_t after() const { return advance_; }
  /// Numbers of scratch that a call needs.
  std::size_t scratch_size() const { return window_size() + step_; }

  template <sample S>
  row_counts filter(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                    std::span<S> out, std::span<A> scratch) const;

  /// Outputs from a window that holds taps - 1 samples more, at its front those before the first output.
  /// Window and `out` have room for the outputs rounded up to `tile()`, the window for a cache line beside.
  void sum(const A* window, std::size_t outputs, A* out, memory_ahead ahead = {}) const {
    kernels_->direct_sum(reversed_taps_.data(), reversed_taps_.size(), window, outputs, out, ahead);
  }
  std::size_t tile() const { return kernels_->direct_tile; }

 private:
  template <sample S>
  class run;

  std::size_t window_size() const;

  const kernel_set<A>* kernels_;
  std::vector<A> reversed_taps_;
  std::size_t advance_;
  std::size_t step_;  // outputs between two moves of the window
};

}  // namespace weir::fir
