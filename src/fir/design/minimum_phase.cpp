#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <limits>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/minimum_phase.hpp>
#include <weir/fir/fourier_transform.hpp>

namespace weir::fir {
namespace {

constexpr std::size_t grid_points_a_tap = 200;

/// Zeros of the response are lifted to this share of its smallest other value, so that their logarithm
/// exists.
constexpr double lift = 1e-7;

}  // namespace

std::vector<double> minimum_phase(const std::vector<double>& taps) {
  const std::size_t count = taps.size();
  if (count < 3 || count > most_taps_of_minimum_phase) {
    throw error(exit_code::usage, "minimum phase of " + std::to_string(count) +
                                      " taps cannot be had; give 3 to " +
                                      std::to_string(most_taps_of_minimum_phase));
  }
  if (!std::equal(taps.begin(), taps.end(), taps.rbegin())) {
    throw error(exit_code::usage,
                "minimum phase is made of taps that are their own mirror image; these are not");
  }
  std::vector<std::complex<double>> values(std::bit_ceil(grid_points_a_tap * (count - 1)));
  const fourier_transform transform(values.size());
  std::copy(taps.begin(), taps.end(), values.begin());
  transform.forward(values);

  double smallest = std::numeric_limits<double>::infinity();
  for (const auto& value : values) {
    if (const double gain = std::abs(value); gain > 0) smallest = std::min(smallest, gain);
  }
  for (auto& value : values) value = 0.5 * std::log(std::abs(value) + lift * smallest);
  transform.inverse(values);

  // The causal half of the cepstrum counts twice, and the other not at all.
  const auto grid = static_cast<double>(values.size());
  const std::size_t half = (count + 1) / 2;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double weight = i == 0 ? 1 : i < half ? 2 : i == half && count % 2 == 1 ? 1 : 0;
    values[i] = weight * values[i].real() / grid;
  }
  transform.forward(values);
  for (auto& value : values) value = std::exp(value);
  transform.inverse(values);

  std::vector<double> made(half);
  std::transform(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), made.begin(),
                 [grid](const std::complex<double>& value) { return value.real() / grid; });
  return made;
}

}  // namespace weir::fir
