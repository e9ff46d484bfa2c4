#pragma once

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <weir/fir/boundary.hpp>
#include <weir/fir/filter_scratch.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/instruction_set.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/rate_ratio.hpp>
#include <weir/sample_type.hpp>

namespace weir::fir {

/// Filters rows and changes their rate at once, in arithmetic of type A (float or double). The filter works
/// on the row with up - 1 zeros behind each sample, and of its outputs every down-th is kept:
///
///     y[m] = sum over k of taps[k] * x[(m down + advance - k) / up], over the k that divide evenly,
///
/// which is scipy.signal.upfirdn's, with the delay taken away by the advance. `direct` computes nothing else:
/// taps / down multiply-adds a sample where up is 1. `fft`, for up = 1 alone, transforms the `down` streams
/// of every down-th sample and adds their spectra up: the faster of the two for taps that are many times
/// `down`.
///
/// **Same bits.** A row may be cut at any multiples of `grid()`, counted from its first sample.
///
/// **Error and non-finite samples**: as row_filter says.
///
/// Const and without state between calls: one resampler serves any number of threads, each with a scratch.
template <std::floating_point A>
class resampler {
 public:
  /// Throws what row_filter's constructor throws, and error(usage) for `method::fft` with up > 1.
  resampler(const filter_spec& spec, rate_ratio rate, method how = method::automatic,
            instruction_set set = best_instruction_set());

  rate_ratio rate() const;
  /// Samples of context that a call wants ahead of a piece.
  std::size_t before() const;
  /// Samples of context that a call wants behind a piece.
  std::size_t after() const;
  /// A row may be cut only at multiples of this, counted from its first sample.
  std::size_t grid() const;

  /// "polyphase" or "fft".
  std::string_view engine() const;
  /// The transform's length in complex samples; 0 with `direct`.
  std::size_t fft_size() const;
  /// The instruction set that the kernels use.
  instruction_set instructions() const;

  using scratch = filter_scratch<A>;
  scratch make_scratch() const;

  /// Filters the piece of a row that begins at its sample `first`, a multiple of `grid()`, and ends at
  /// another one or at the row's end. `out` has room for `rate().outputs_in()` of that range, and overlaps
  /// none of the others. `before` ends at the extended row's sample ahead of `in`, `after` begins at the one
  /// behind it; they hold at least `before()` and `after()` samples.
  ///
  /// Throws error(internal) when the sizes do not fit.
  template <sample S>
  row_counts operator()(std::size_t first, std::span<const A> before, std::span<const S> in,
                        std::span<const A> after, std::span<S> out, scratch& work) const;

 private:
  struct engines;
  std::shared_ptr<const engines> engines_;
};

/// Resamples a whole row in memory, with the contexts that the boundary gives. `out` has room for
/// `rate().outputs_before(row.size())`.
template <std::floating_point A, sample S>
row_counts resample_row(const resampler<A>& filter, const boundary& edge, std::span<const S> row,
                        std::span<S> out, filter_scratch<A>& work);

}  // namespace weir::fir
