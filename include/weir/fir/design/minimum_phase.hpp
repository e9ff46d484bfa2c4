#pragma once

#include <cstddef>
#include <vector>

namespace weir::fir {

/// Taps of minimum phase from symmetric ones, as scipy.signal.minimum_phase(taps, method='homomorphic'):
/// (n + 1) / 2 of them, whose gain is the square root of the given ones'. To be used with `phase::causal`.
///
/// Folds the cepstrum (Oppenheim and Schafer, Discrete-Time Signal Processing), on SciPy's grid of 200
/// points a tap.
///
/// Throws error(usage) for fewer than 3 taps, for taps that are not their own mirror image, and for more than
/// `most_taps_of_minimum_phase`, whose grid would not fit in a laptop's memory.
std::vector<double> minimum_phase(const std::vector<double>& taps);

inline constexpr std::size_t most_taps_of_minimum_phase = std::size_t{1} << 16;

}  // namespace weir::fir
