#pragma once

#include <span>
#include <vector>

#include <weir/fir/filter_spec.hpp>

#include "fft/transform_plan.hpp"
#include "kernels.hpp"
#include "segmentation.hpp"

namespace weir::fir {

/// Decimation by overlap-save at the low rate. The kept outputs are a sum of `down` filters, one for each
/// stream of every down-th sample (see polyphase_engine): each stream is transformed by itself, the spectra
/// times their responses are summed, and one inverse transform makes outputs of the sum. Beside filtering at
/// the high rate that saves nearly all of the inverse transforms, and transforms are `down` times shorter.
///
/// Streams are taken in pairs of segments, as overlap_save takes rows.
template <std::floating_point A>
class stream_transforms {
 public:
  stream_transforms(const filter_spec& spec, std::size_t down, const kernel_set<A>& kernels);

  /// Of each stream and transform.
  const segmentation& cut() const { return cut_; }
  /// Numbers of scratch that a call needs.
  std::size_t scratch_size() const { return 2 * buffer_size(); }

  /// Makes the outputs of one pair of segments from streams `stride` numbers apart, which begin `cut().halo`
  /// ahead of the first output's own number and hold cut().span() numbers. Meanwhile the cache is asked for
  /// what is ahead.
  ///
  /// False when a number is not finite, or so large that the transforms might overflow: there is no output
  /// then.
  bool sum(const A* streams, std::size_t stride, A* out, memory_ahead ahead, A* scratch) const;

 private:
  std::size_t buffer_size() const;

  const kernel_set<A>* kernels_;
  segmentation cut_;
  std::vector<std::size_t> streams_;  // those that meet a tap
  transform_plan<A> plan_;            // with a response for each of them
};

}  // namespace weir::fir
