#pragma once

#include <complex>
#include <span>

namespace weir::fir {

/// Which exponent a discrete Fourier transform has; neither direction is scaled.
enum class dft_direction { forward, inverse };

/// Transforms in place, in natural order, with twiddles that are each rounded once. For designing filters,
/// where a transform is taken a few times: rows are filtered by the passes in fir/fft.
/// The number of values is a power of two.
void dft(std::span<std::complex<double>> values, dft_direction direction);

}  // namespace weir::fir
