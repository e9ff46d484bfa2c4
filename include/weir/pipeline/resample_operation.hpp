#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <weir/fir/filter_spec.hpp>
#include <weir/fir/resampler.hpp>
#include <weir/pipeline/row_operation.hpp>

namespace weir::pipeline {

/// A FIR filter that changes the sampling rate, as a row_operation, in arithmetic of type A.
template <std::floating_point A>
class resample_operation {
 public:
  using arithmetic = A;
  using scratch = typename fir::resampler<A>::scratch;

  /// Throws what fir::resampler throws.
  resample_operation(const fir::filter_spec& spec, rate_ratio rate, fir::method how, fir::instruction_set set)
      : spec_(spec), filter_(spec, rate, how, set) {}

  rate_ratio rate() const { return filter_.rate(); }
  std::size_t before() const { return filter_.before(); }
  std::size_t after() const { return filter_.after(); }
  std::size_t grid() const { return filter_.grid(); }
  std::size_t support() const { return (spec_.taps.size() + rate().up - 1) / rate().up; }
  const std::vector<double>& taps() const { return spec_.taps; }
  /// The length of the transforms; 0 if the sum itself is computed.
  std::size_t fft_size() const { return filter_.fft_size(); }
  scratch make_scratch() const { return filter_.make_scratch(); }

  /// The engine's kind, size, instructions and arithmetic.
  std::string engine() const;
  operation_identity identity() const;

  template <sample S>
  fir::row_counts operator()(const row_place& where, std::span<const A> before, std::span<const S> in,
                             std::span<const A> after, std::span<S> out, scratch& work) const {
    return filter_.template operator()<S>(where.samples.begin, before, in, after, out, work);
  }

 private:
  fir::filter_spec spec_;
  fir::resampler<A> filter_;
};

}  // namespace weir::pipeline
