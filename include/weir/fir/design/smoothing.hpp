#pragma once

#include <cstddef>
#include <vector>

namespace weir::fir {

/// Taps of a Savitzky-Golay filter, as scipy.signal.savgol_coeffs(length, polynomial_order, derivative):
/// the value (or a derivative, per sample) at the centre of the polynomial that fits the samples under the
/// taps best. To be used with `phase::zero`.
///
/// The fit is by polynomials orthogonal on the taps' places (Gram), which stay accurate where powers do not.
///
/// Throws error(usage) unless the length is odd and the polynomial's order is less than the length.
std::vector<double> savitzky_golay_taps(std::size_t length, std::size_t polynomial_order,
                                        std::size_t derivative = 0);

/// `length` equal taps that sum to one. Throws error(usage) for a length of 0.
std::vector<double> moving_average_taps(std::size_t length);

/// Taps of what a zero-phase filter leaves out: the signal less the filter's output. Throws error(usage)
/// for an even number of taps, which have no centre.
std::vector<double> complement(std::vector<double> taps);

/// Taps of the filter applied forwards and then backwards, 2 n - 1 of them: h convolved with its reverse,
/// which is scipy.signal.filtfilt's result in one pass. Throws error(usage) for more than `most_taps_twice`
/// taps: the sum is taken directly.
std::vector<double> forwards_and_backwards(const std::vector<double>& taps);

inline constexpr std::size_t most_taps_twice = std::size_t{1} << 15;

}  // namespace weir::fir
