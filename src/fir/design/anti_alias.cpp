#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/anti_alias.hpp>
#include <weir/fir/design/response.hpp>
#include <weir/fir/design/windowed_sinc.hpp>
#include <weir/fir/gaussian.hpp>

namespace weir::fir {
namespace {

/// Taps on each side for each step of the slower grid.
constexpr std::size_t half_length = 10;

std::vector<double> lowpass_at(std::size_t factor, const window& shape) {
  if (factor < 2 || static_cast<double>(factor) > largest_number_of_taps / (2 * half_length) - 1) {
    throw error(exit_code::usage,
                "a change of the rate by " + std::to_string(factor) +
                    " has no filter of its own; give 2 to " +
                    std::to_string(static_cast<std::size_t>(largest_number_of_taps / (2 * half_length) - 1)));
  }
  // In units of half the sampling rate.
  constexpr double rate = 2;
  return windowed_sinc({band_kind::lowpass, 1 / static_cast<double>(factor)}, 2 * half_length * factor + 1,
                       shape, rate);
}

}  // namespace

std::vector<double> decimation_taps(std::size_t q) {
  return lowpass_at(q, {window_shape::hamming});
}

std::vector<double> resampling_taps(const rate_ratio& rate) {
  constexpr double beta = 5;
  return lowpass_at(std::max(rate.up, rate.down), {window_shape::kaiser, beta});
}

double fold_attenuation(const std::vector<double>& taps, const rate_ratio& rate) {
  constexpr double beyond = 1.25;
  const std::size_t intervals = response_intervals(taps.size());
  const auto response = frequency_response({taps, 0}, intervals);
  const auto fold = static_cast<std::size_t>(
      std::ceil(beyond * static_cast<double>(intervals) / static_cast<double>(std::max(rate.up, rate.down))));
  double passed = std::abs(response.front());
  if (passed == 0) {
    for (const auto& value : response) passed = std::max(passed, std::abs(value));
  }
  double folded = 0;
  for (std::size_t i = fold; i < response.size(); ++i) folded = std::max(folded, std::abs(response[i]));
  return -20 * std::log10(std::max(folded / passed, std::numeric_limits<double>::min()));
}

}  // namespace weir::fir
