#include "sweep_score.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <numbers>
#include <tuple>
#include <utility>
#include <vector>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

constexpr std::size_t longest_segment = 4096;

/// In place, for lengths that are powers of two: Cooley and Tukey's radix-2 transform with precomputed roots.
class fourier_transform {
 public:
  explicit fourier_transform(std::size_t length) : roots_(length / 2) {
    for (std::size_t k = 0; k < roots_.size(); ++k) {
      roots_[k] =
          std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length));
    }
  }

  void operator()(std::span<std::complex<double>> values) const {
    const std::size_t n = values.size();
    for (std::size_t i = 1, reversed = 0; i < n; ++i) {
      std::size_t bit = n / 2;
      for (; (reversed & bit) != 0; bit /= 2) reversed ^= bit;
      reversed ^= bit;
      if (i < reversed) std::swap(values[i], values[reversed]);
    }
    for (std::size_t half = 1; half < n; half *= 2) {
      const std::size_t stride = n / (2 * half);
      for (std::size_t begin = 0; begin < n; begin += 2 * half) {
        for (std::size_t k = 0; k < half; ++k) {
          const std::complex<double> turned = roots_[k * stride] * values[begin + half + k];
          values[begin + half + k] = values[begin + k] - turned;
          values[begin + k] += turned;
        }
      }
    }
  }

 private:
  std::vector<std::complex<double>> roots_;
};

/// Power in the band and outside of it.
std::pair<double, double> powers(std::span<const double> row, const frequency_band& band) {
  const std::size_t length = std::min(longest_segment, std::bit_floor(row.size()));
  if (length < 2) return {0, 0};
  const fourier_transform transform(length);
  std::vector<double> window(length);
  double window_squares = 0;
  for (std::size_t i = 0; i < length; ++i) {
    window[i] =
        0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(length));
    window_squares += window[i] * window[i];
  }
  std::vector<std::complex<double>> segment(length);
  double inside = 0;
  double outside = 0;
  std::size_t segments = 0;
  for (std::size_t begin = 0; begin + length <= row.size(); begin += length / 2, ++segments) {
    for (std::size_t i = 0; i < length; ++i) segment[i] = window[i] * row[begin + i];
    transform(segment);
    for (std::size_t k = 1; k <= length / 2; ++k) {
      // Both signs of a frequency; the highest has only one.
      const double power = std::norm(segment[k]) * (k == length / 2 ? 1 : 2);
      const double frequency = static_cast<double>(k) * band.sampling_rate / static_cast<double>(length);
      (frequency >= band.low && frequency <= band.high ? inside : outside) += power;
    }
  }
  const double scale = 1 / (static_cast<double>(length) * window_squares * static_cast<double>(segments));
  return {inside * scale, outside * scale};
}

}  // namespace

score_kind score_named(const std::string& name) {
  if (name == "rms") return score_kind::rms;
  if (name == "band-power") return score_kind::band_power;
  if (name == "snr") return score_kind::snr;
  if (name == "difference") return score_kind::difference;
  throw error(exit_code::usage, "there is no score '" + name + "'; use rms, band-power, snr or difference");
}

score_sums& score_sums::operator+=(const score_sums& other) {
  squares += other.squares;
  difference_squares += other.difference_squares;
  samples += other.samples;
  band_power += other.band_power;
  other_power += other.other_power;
  rows += other.rows;
  return *this;
}

score_sums sums_of(std::span<const double> row, std::span<const double> reference,
                   const std::optional<frequency_band>& band) {
  score_sums sums;
  for (const double x : row) sums.squares += x * x;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    sums.difference_squares += (row[i] - reference[i]) * (row[i] - reference[i]);
  }
  sums.samples = static_cast<double>(row.size());
  sums.rows = 1;
  if (band) std::tie(sums.band_power, sums.other_power) = powers(row, *band);
  return sums;
}

double score_of(score_kind kind, const score_sums& sums) {
  switch (kind) {
    case score_kind::rms:
      return std::sqrt(sums.squares / sums.samples);
    case score_kind::band_power:
      return sums.band_power / sums.rows;
    case score_kind::snr:
      return 10 * std::log10(sums.band_power / sums.other_power);
    case score_kind::difference:
      return std::sqrt(sums.difference_squares / sums.samples);
  }
  return 0;
}

}  // namespace weir::cli
