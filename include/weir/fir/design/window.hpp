#pragma once

#include <cstddef>
#include <vector>

namespace weir::fir {

/// The windows that shape a truncated ideal response, with SciPy's names.
enum class window_shape { boxcar, hann, hamming, blackman, kaiser };

struct window {
  window_shape shape = window_shape::hamming;
  double beta = 0;  ///< of a Kaiser window; the others have none
};

/// `count` samples of the symmetric window, as scipy.signal.get_window(..., fftbins=False).
///
/// Throws error(usage) for no samples, and for a Kaiser beta that is negative, not finite, or beyond
/// `largest_kaiser_beta`.
std::vector<double> window_samples(const window& what, std::size_t count);

/// The Kaiser beta for a stop band this many decibels down, as scipy.signal.kaiser_beta (Kaiser 1974).
double kaiser_beta(double attenuation_db);

/// The stop band's depth in decibels that a Kaiser window of this beta reaches: the inverse of kaiser_beta().
double kaiser_attenuation(double beta);

/// Beyond this the window's Bessel function leaves the range of double.
inline constexpr double largest_kaiser_beta = 600;

}  // namespace weir::fir
