#pragma once

#include <span>
#include <vector>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/rate_ratio.hpp>

#include "kernels.hpp"
#include "polyphase_branch.hpp"

namespace weir::fir {

/// The outputs that are kept, each summed by itself. With u zeros behind a sample and every d-th output kept,
/// output t u + s of a row that begins on a kept output is
///
///     sum over j of taps[p + u j] * x[t d + b - j],  p = (s d + advance) mod u,  b = (s d + advance) div u.
///
/// So each of the u phases s decimates by d, and the samples that meet one tap in successive t lie d apart:
/// they are dealt out into d streams, in which they are neighbours. The streams are a window that slides over
/// the piece.
template <std::floating_point A>
class polyphase_engine {
 public:
  polyphase_engine(const filter_spec& spec, rate_ratio rate, const kernel_set<A>& kernels);

  std::size_t before() const { return before_; }
  std::size_t after() const { return after_; }
  std::size_t grid() const { return rate_.down; }
  /// Numbers of scratch that a call needs.
  std::size_t scratch_size() const;

  /// The piece begins at a multiple of grid().
  template <sample S>
  row_counts filter(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                    std::span<S> out, std::span<A> scratch) const;

 private:
  template <sample S>
  class run;

  void add_phase(const filter_spec& spec, std::size_t phase);

  const kernel_set<A>* kernels_;
  rate_ratio rate_;
  std::size_t before_;
  std::size_t after_;
  std::size_t history_;    // columns of the streams ahead of the first output's own
  std::size_t lookahead_;  // and behind the last one's
  std::size_t step_;       // columns, each of `up` outputs, between two moves of the window
  std::size_t stride_;     // numbers from one stream to the next
  std::vector<A> taps_;    // phase after phase, branch after branch
  std::vector<polyphase_branch> branches_;
  std::vector<std::size_t> first_branch_;  // of each phase, and the end
};

}  // namespace weir::fir
