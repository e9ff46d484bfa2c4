#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

#include <weir/fir/design/response.hpp>
#include <weir/fir/fourier_transform.hpp>

namespace weir::fir {
namespace {

constexpr std::size_t points_a_lobe = 16;
constexpr std::size_t fewest_intervals = 1024;
constexpr double levels_db[] = {-1, -3, -6, -20, -40, -60};
constexpr double pass_level_db = -6;

double decibels(double ratio) {
  return 20 * std::log10(std::max(ratio, std::numeric_limits<double>::min()));
}

/// Where a level is crossed between two points, by the straight line between their decibels.
double place_between(std::size_t point, double before_db, double after_db, double level_db) {
  const double share = before_db == after_db ? 0.5 : (level_db - before_db) / (after_db - before_db);
  return static_cast<double>(point) + share;
}

}  // namespace

std::size_t response_intervals(std::size_t taps) {
  return std::bit_ceil(std::max(fewest_intervals, points_a_lobe * taps / 2));
}

std::vector<std::complex<double>> frequency_response(const filter_spec& filter, std::size_t intervals) {
  std::vector<std::complex<double>> values(2 * intervals);
  // Taps beyond the grid's length fall on it again, where the same exponential multiplies them.
  for (std::size_t k = 0; k < filter.taps.size(); ++k) {
    const std::size_t place =
        (k % values.size() + values.size() - filter.advance % values.size()) % values.size();
    values[place] += filter.taps[k];
  }
  fourier_transform(values.size()).forward(values);
  values.resize(intervals + 1);
  return values;
}

response_summary summarise_response(const filter_spec& filter) {
  const std::size_t intervals = response_intervals(filter.taps.size());
  const auto response = frequency_response(filter, intervals);
  std::vector<double> gain(response.size());
  std::ranges::transform(response, gain.begin(), [](const auto& value) { return std::abs(value); });
  const auto largest = std::ranges::max_element(gain);
  const double cycles_a_point = 0.5 / static_cast<double>(intervals);

  response_summary found;
  found.largest_gain = *largest;
  found.largest_at = static_cast<double>(largest - gain.begin()) * cycles_a_point;
  found.gain_at_zero = gain.front();
  if (*largest == 0) return found;
  std::vector<double> level(gain.size());
  std::ranges::transform(gain, level.begin(), [&](double value) { return decibels(value / *largest); });

  for (const double wanted : levels_db) {
    response_summary::crossing crossed{.level_db = wanted, .at = {}};
    for (std::size_t i = 0; i + 1 < level.size(); ++i) {
      if ((level[i] < wanted) != (level[i + 1] < wanted)) {
        crossed.at.push_back(place_between(i, level[i], level[i + 1], wanted) * cycles_a_point);
      }
    }
    if (!crossed.at.empty()) found.crossings.push_back(std::move(crossed));
  }

  const auto [lowest, highest] = std::ranges::minmax(level);
  if (lowest == highest) return found;
  for (std::size_t i = 0; i < level.size(); ++i) {
    const double before = i > 0 ? level[i - 1] : level[i];
    const double after = i + 1 < level.size() ? level[i + 1] : level[i];
    const bool is_top = level[i] >= before && level[i] >= after;
    const bool is_bottom = level[i] <= before && level[i] <= after;
    if (level[i] > pass_level_db && (is_top || is_bottom)) {
      found.ripple_db = std::max(found.ripple_db.value_or(0), -level[i]);
    }
    if (level[i] < pass_level_db && is_top) {
      found.attenuation_db =
          std::min(found.attenuation_db.value_or(std::numeric_limits<double>::infinity()), -level[i]);
    }
  }
  return found;
}

}  // namespace weir::fir
