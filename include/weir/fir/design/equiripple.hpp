#pragma once

#include <cstddef>
#include <vector>

namespace weir::fir {

/// A band of an equiripple design: what the gain is to be there, and how much an error weighs.
struct weighted_band {
  double low_hz = 0;
  double high_hz = 0;
  double gain = 0;
  double weight = 1;
};

/// How the exchange goes on.
struct exchange_options {
  std::size_t most_iterations = 25;
  std::size_t grid_density = 16;  ///< points of the frequency grid for each coefficient that is free
};

/// Taps whose largest weighted error is the least that so many taps can have, and that error.
struct equiripple_filter {
  std::vector<double> taps;
  double deviation = 0;  ///< in a band of weight 1; in others it is this divided by the weight
  std::size_t iterations = 0;
};

/// Taps of linear phase, their own mirror image, by the exchange of Parks and McClellan (IEEE Transactions on
/// Circuit Theory 19, 1972): as scipy.signal.remez(numtaps, bands, desired, weight, type='bandpass', fs), on
/// the same grid of frequencies. Odd numbers of taps (type I) and even ones (type II), whose gain at half the
/// sampling rate is zero. In long double, with barycentric interpolation.
///
/// Throws error(usage) unless there are 3 to `most_taps_of_equiripple` taps, bands in rising order from 0 to
/// half the sampling rate with transitions between them, and positive weights; for an even number of taps
/// with a gain at half the sampling rate; and where the exchange does not end.
equiripple_filter equiripple(std::size_t taps, const std::vector<weighted_band>& bands, double sampling_rate,
                             const exchange_options& options = {});

/// The exchange takes time with the square of the taps.
inline constexpr std::size_t most_taps_of_equiripple = 4096;

}  // namespace weir::fir
