#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/fir/fourier_transform.hpp>

namespace weir::fir {

/// Power spectra by Welch's method with Hann windows, each overlapping the next by half: as
/// scipy.signal.welch(row, nperseg=length, detrend=False).
class power_spectrum {
 public:
  static constexpr std::size_t longest_segment = 4096;

  /// For rows of this many samples: segments of `longest_segment`, or the longest power of two in the row.
  explicit power_spectrum(std::size_t row_samples);

  /// Samples of a segment. Less than 2 if the rows are too short for a spectrum.
  std::size_t length() const { return transform_.length(); }

  /// The mean square of the row at the frequencies 0, 1, ... length / 2 times sampling rate / length; SciPy's
  /// density is this over sampling rate / length. All zero for rows shorter than a segment.
  std::vector<double> operator()(std::span<const double> row) const;

 private:
  fourier_transform transform_;
  std::vector<double> window_;
  double window_squares_ = 0;
};

}  // namespace weir::fir
