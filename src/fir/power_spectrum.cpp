#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>

#include <weir/fir/power_spectrum.hpp>

namespace weir::fir {

power_spectrum::power_spectrum(std::size_t row_samples)
    : transform_(std::clamp(std::bit_floor(row_samples), std::size_t{1}, longest_segment)),
      window_(length()) {
  for (std::size_t i = 0; i < length(); ++i) {
    // Periodic: the sample that would close the window belongs to the next period.
    window_[i] =
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(length()));
    window_squares_ += window_[i] * window_[i];
  }
}

std::vector<double> power_spectrum::operator()(std::span<const double> row) const {
  std::vector<double> power(length() / 2 + 1, 0.0);
  if (length() < 2 || row.size() < length()) return power;
  std::vector<std::complex<double>> segment(length());
  std::size_t segments = 0;
  for (std::size_t begin = 0; begin + length() <= row.size(); begin += length() / 2, ++segments) {
    for (std::size_t i = 0; i < length(); ++i) segment[i] = window_[i] * row[begin + i];
    transform_.forward(segment);
    // Both signs of a frequency; the lowest and the highest have only one.
    for (std::size_t k = 0; k < power.size(); ++k) {
      power[k] += std::norm(segment[k]) * (k == 0 || k == length() / 2 ? 1 : 2);
    }
  }
  const double scale = 1 / (static_cast<double>(length()) * window_squares_ * static_cast<double>(segments));
  for (double& value : power) value *= scale;
  return power;
}

}  // namespace weir::fir
