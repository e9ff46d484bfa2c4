#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <span>

#include <weir/fir/design/response.hpp>
#include <weir/fir/fourier_transform.hpp>

#include "gain_curve.hpp"

namespace weir::fir {
namespace {

constexpr std::size_t points_a_lobe = 16;
constexpr std::size_t fewest_intervals = 1024;
constexpr double levels_db[] = {-1, -3, -6, -20, -40, -60};
constexpr double pass_level_db = -6;

/// Lobes that are so far below the largest gain are of no interest, and below them is rounding.
constexpr double least_lobe = 1e-8;

double decibels(double ratio) {
  return 20 * std::log10(std::max(ratio, std::numeric_limits<double>::min()));
}

enum class bend { none, top, bottom };

struct curve_point : gain_curve::point {
  bend turns;
};

/// The points of the grid, and between them the extremes: the gain rises or falls all the way from one to the
/// next. A zero of the response is hardly ever on the grid, and a side lobe may pass a level between two
/// points.
std::vector<curve_point> monotone_pieces(const gain_curve& curve, std::span<const double> gain) {
  const double least = least_lobe * std::ranges::max(gain);
  std::vector<curve_point> points;
  points.reserve(gain.size());
  for (std::size_t i = 0; i < gain.size(); ++i) {
    const bool is_inside = i > 0 && i < curve.last();
    const double before = i > 0 ? gain[i - 1] : gain[i];
    const double after = i < curve.last() ? gain[i + 1] : gain[i];
    const bool is_top = gain[i] >= before && gain[i] >= after;
    const bool is_bottom = gain[i] <= before && gain[i] <= after;
    const curve_point here{{static_cast<double>(i), gain[i]}, bend::none};
    points.push_back(here);
    if (!is_top && !is_bottom) continue;
    points.back().turns = is_top ? bend::top : bend::bottom;
    if (!is_inside || gain[i] < least) continue;
    const curve_point extreme{is_top ? curve.top_at(i) : curve.bottom_at(i), points.back().turns};
    if (extreme.place == here.place) continue;
    points.back() = extreme.place < here.place ? extreme : here;
    points.push_back(extreme.place < here.place ? here : extreme);
  }
  return points;
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
  const double cycles_a_point = 0.5 / static_cast<double>(intervals);
  const double centre = static_cast<double>(filter.taps.size() - 1) / 2 - static_cast<double>(filter.advance);
  const gain_curve curve(response, centre);
  const std::vector<curve_point> points = monotone_pieces(curve, gain);
  const curve_point& largest = *std::ranges::max_element(points, {}, &curve_point::gain);

  response_summary found;
  found.largest_gain = largest.gain;
  found.largest_at = largest.place * cycles_a_point;
  found.gain_at_zero = gain.front();
  if (largest.gain == 0) return found;

  for (const double level_db : levels_db) {
    const double wanted = largest.gain * std::pow(10, level_db / 20);
    response_summary::crossing crossed{.level_db = level_db, .at = {}};
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
      if ((points[i].gain < wanted) == (points[i + 1].gain < wanted)) continue;
      crossed.at.push_back(curve.crossing(points[i], points[i + 1], wanted) * cycles_a_point);
    }
    if (!crossed.at.empty()) found.crossings.push_back(std::move(crossed));
  }

  if (std::ranges::min(gain) == std::ranges::max(gain)) return found;
  for (const curve_point& point : points) {
    const double level_db = decibels(point.gain / largest.gain);
    if (level_db > pass_level_db && point.turns != bend::none) {
      found.ripple_db = std::max(found.ripple_db.value_or(0), -level_db);
    }
    if (level_db < pass_level_db && point.turns == bend::top) {
      found.attenuation_db =
          std::min(found.attenuation_db.value_or(std::numeric_limits<double>::infinity()), -level_db);
    }
  }
  return found;
}

}  // namespace weir::fir
