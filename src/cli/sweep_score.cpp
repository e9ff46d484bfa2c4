#include "sweep_score.hpp"

#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include <weir/error.hpp>
#include <weir/fir/power_spectrum.hpp>

namespace weir::cli {
namespace {

/// Power in the band and outside of it, without the mean.
std::pair<double, double> powers(std::span<const double> row, const frequency_band& band) {
  const fir::power_spectrum spectrum_of(row.size());
  const std::vector<double> power = spectrum_of(row);
  double inside = 0;
  double outside = 0;
  for (std::size_t k = 1; k < power.size(); ++k) {
    const double frequency =
        static_cast<double>(k) * band.sampling_rate / static_cast<double>(spectrum_of.length());
    (frequency >= band.low && frequency <= band.high ? inside : outside) += power[k];
  }
  return {inside, outside};
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
