#pragma once

#include <optional>
#include <vector>

#include <weir/fir/design/window.hpp>

namespace weir::fir {

enum class band_kind { lowpass, highpass, bandpass, bandstop };

/// A filter of one pass or stop band, by its cutoffs: the frequencies where the response is -6 dB (half).
struct band {
  band_kind kind = band_kind::lowpass;
  double low_hz = 0;   ///< of a low- or high-pass the only cutoff
  double high_hz = 0;  ///< of a band's upper end
};

/// Taps of a windowed ideal response, as scipy.signal.firwin(numtaps, cutoff, window, pass_zero, fs) with
/// `scale=True`: the gain is 1 at 0 Hz, at half the sampling rate, or in the middle of the pass band.
///
/// Throws error(usage) unless 0 < cutoffs < sampling_rate / 2, in rising order, and for an even number of
/// taps where the pass band reaches half the sampling rate: such a filter is zero there.
std::vector<double> windowed_sinc(const band& what, std::size_t taps, const window& shape,
                                  double sampling_rate);

/// The width in hertz of the band's narrowest transition where none is given, by MNE's rule: below a pass
/// band that begins at l, min(max(l / 4, 2), l); above one that ends at h, min(max(h / 4, 2), fs / 2 - h).
double default_transition(const band& what, double sampling_rate);

/// The odd number of taps that makes a transition this wide. The window's factor is MNE's (3.1 hann, 3.3
/// hamming, 5.0 blackman, over the width as a fraction of the sampling rate); of a Kaiser window it is
/// scipy.signal.kaiserord's formula. Throws error(usage) for a boxcar, which has no rule, for a width that
/// is not positive, and for more than `largest_number_of_taps` taps.
std::size_t taps_for_transition(const window& shape, double transition_hz, double sampling_rate);

/// How far down in decibels the stop bands are at their worst, outside of transitions of this width around
/// the cutoffs; nothing where the transitions leave no stop band.
std::optional<double> stop_band_attenuation(const std::vector<double>& taps, const band& what,
                                            double transition_hz, double sampling_rate);

}  // namespace weir::fir
