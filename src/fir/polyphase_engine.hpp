#pragma once

#include <optional>
#include <span>
#include <vector>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/rate_ratio.hpp>

#include "kernels.hpp"
#include "polyphase_branch.hpp"
#include "stream_transforms.hpp"

namespace weir::fir {

/// How the streams of a polyphase filter become outputs.
enum class stream_method {
  sums,        ///< each output is summed by itself
  transforms,  ///< many together, by stream_transforms; where a number is not finite, by sums. For up = 1
               ///< alone
};

/// The outputs that are kept, and nothing else. With u zeros behind a sample and every d-th output kept,
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
  polyphase_engine(const filter_spec& spec, rate_ratio rate, const kernel_set<A>& kernels,
                   stream_method how = stream_method::sums);

  std::size_t before() const { return before_; }
  std::size_t after() const { return after_; }
  std::size_t grid() const { return transforms_ ? step_ * rate_.down : rate_.down; }
  /// The transforms' length; 0 with sums.
  std::size_t fft_size() const { return transforms_ ? transforms_->cut().length : 0; }
  /// Numbers of scratch that a call needs.
  std::size_t scratch_size() const;

  /// The piece begins at a multiple of grid().
  template <sample S>
  row_counts filter(std::span<const A> before, std::span<const S> in, std::span<const A> after,
                    std::span<S> out, std::span<A> scratch) const;

 private:
  template <sample S>
  class run;

  /// What surrounds the first output's own column, and how many columns are taken at a time.
  void lay_out_for_sums(const filter_spec& spec);
  void lay_out_for_transforms();
  void add_phase(const filter_spec& spec, std::size_t phase);

  const kernel_set<A>* kernels_;
  rate_ratio rate_;
  std::optional<stream_transforms<A>> transforms_;
  std::size_t before_ = 0;
  std::size_t after_ = 0;
  std::size_t history_ = 0;    // columns of the streams ahead of the first output's own
  std::size_t lookahead_ = 0;  // and behind the last one's
  std::size_t step_ = 0;       // columns, each of `up` outputs, between two moves of the window
  std::size_t stride_ = 0;     // numbers from one stream to the next
  std::vector<A> taps_;        // phase after phase, branch after branch
  std::vector<polyphase_branch> branches_;
  std::vector<std::size_t> first_branch_;  // of each phase, and the end
};

}  // namespace weir::fir
