#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace weir::cli {

/// How a filtered recording is judged, by one number.
enum class score_kind {
  rms,         ///< root mean square of the filtered samples
  band_power,  ///< mean square of what lies in the band, by Welch's method
  snr,         ///< decibels of the power in the band over the power at other frequencies but 0
  difference,  ///< root mean square of the difference to a reference
};

score_kind score_named(const std::string& name);

/// Whether more is better, unless the user says otherwise: more signal is, more residue is not.
constexpr bool prefers_high(score_kind kind) {
  return kind == score_kind::band_power || kind == score_kind::snr;
}

/// Frequencies in Hz, and the rate that they refer to.
struct frequency_band {
  double low = 0;
  double high = 0;
  double sampling_rate = 0;
};

/// Sums from which every score is made; those of several rows add up.
struct score_sums {
  double squares = 0;
  double difference_squares = 0;
  double samples = 0;
  double band_power = 0;  ///< mean squares, summed over rows
  double other_power = 0;
  double rows = 0;

  score_sums& operator+=(const score_sums& other);
};

/// The sums of one filtered row. `reference` is empty or as long as the row; the spectrum is taken if there
/// is a band, by fir::power_spectrum.
score_sums sums_of(std::span<const double> row, std::span<const double> reference,
                   const std::optional<frequency_band>& band);

double score_of(score_kind kind, const score_sums& sums);

}  // namespace weir::cli
