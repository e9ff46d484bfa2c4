#pragma once

#include <cstddef>
#include <vector>

/// Finite impulse response filters on spans of samples: mathematics alone, without MPI and without files.
namespace weir::fir {

/// A FIR filter:  y[i] = sum over k of taps[k] * x[i + advance - k].
///
/// `advance` is how many samples ahead of its own place an output looks: 0 for a causal filter, the radius
/// for a centred one. It is smaller than the number of taps.
struct filter_spec {
  std::vector<double> taps;
  std::size_t advance = 0;
};

/// Where the taps stand around an output sample.
enum class phase {
  zero,    ///< centred: no delay, an odd number of taps
  causal,  ///< only the sample itself and earlier ones, as scipy.signal.lfilter
};

/// The filter of `taps` with the asked phase.
///
/// Throws error(bad_data) when there are no taps or one of them is NaN or infinite, and error(usage) when
/// `phase::zero` is asked of an even number of taps, whose centre would lie between two samples.
filter_spec with_phase(std::vector<double> taps, phase where);

/// Throws error(bad_data) unless the filter has taps, all of them finite, and an advance smaller than their
/// number.
void check(const filter_spec& spec);

/// Whether the taps are their own mirror image around the output sample, so that the filter's frequency
/// response is real.
bool is_centred_symmetric(const filter_spec& spec);

/// The sum of the absolute taps: no output is larger than this times the largest input.
double absolute_sum(const filter_spec& spec);

}  // namespace weir::fir
