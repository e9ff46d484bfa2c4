#pragma once

#include <cstddef>
#include <vector>

#include <weir/rate_ratio.hpp>

namespace weir::fir {

/// Taps of the low-pass that scipy.signal.decimate(x, q, ftype='fir') takes: 20 q + 1 of them, by a Hamming
/// window, with the cutoff (-6 dB) at the new half of the sampling rate.
///
/// Throws error(usage) for q < 2 and for more than `largest_number_of_taps` taps.
std::vector<double> decimation_taps(std::size_t q);

/// Taps of the low-pass that scipy.signal.resample_poly(x, up, down) takes, for the row with up - 1 zeros
/// behind each sample: 20 max(up, down) + 1 of them, by a Kaiser window of beta 5, with the cutoff at half of
/// the lower of the two sampling rates. Their gain is 1, to be multiplied by `up`, which the zeros take away.
///
/// Throws error(usage) for a ratio of one and for more than `largest_number_of_taps` taps.
std::vector<double> resampling_taps(const rate_ratio& rate);

/// How far down in decibels a filter is where frequencies would fold, that is half of the lower of the two
/// rates and a quarter beyond it: the transition of the filters above ends there. `taps` are for the row with
/// up - 1 zeros behind each sample. Against the gain at 0 Hz, or the largest one where that is zero.
double fold_attenuation(const std::vector<double>& taps, const rate_ratio& rate);

}  // namespace weir::fir
