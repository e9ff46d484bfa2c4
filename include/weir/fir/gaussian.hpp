#pragma once

#include <vector>

namespace weir::fir {

/// A Gaussian kernel or one of its derivatives, as scipy.ndimage.gaussian_filter1d builds it.
struct gaussian {
  double sigma = 1;     ///< standard deviation, in samples
  double truncate = 4;  ///< where the kernel is cut, in standard deviations
  int order = 0;        ///< 0 smooths, n > 0 smooths the n-th derivative
};

/// Taps of the kernel, 2 * radius + 1 of them with radius = int(truncate * sigma + 0.5). Those of order 0 sum
/// to one. To be used with `phase::zero`: convolution with these taps is SciPy's correlation with the
/// reversed kernel, so odd orders have SciPy's sign.
///
/// The n-th derivative of exp(-x^2 / 2 sigma^2) is a polynomial of degree n times the same exponential; its
/// coefficients follow from q' - q x / sigma^2, applied n times to q = 1.
///
/// Throws error(usage) when sigma is not positive and finite, truncate is negative or not finite, the order
/// is negative or above `largest_gaussian_order`, the kernel would have more than `largest_number_of_taps`
/// taps, or a tap would not be finite, as those of a high derivative of a narrow Gaussian.
std::vector<double> gaussian_taps(const gaussian& kernel);

/// More taps than this are refused: it is far above any use, and well inside the memory of a laptop.
inline constexpr double largest_number_of_taps = 1 << 24;

/// Derivatives of higher order are refused: each costs as much as all before it, and their taps are large and
/// small numbers that cancel.
inline constexpr int largest_gaussian_order = 100;

}  // namespace weir::fir
