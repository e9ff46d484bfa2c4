#include "gain_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace weir::fir {

gain_curve::gain_curve(std::span<const std::complex<double>> response, double centre) : response_(response) {
  double binomial = 1;
  for (std::ptrdiff_t k = 0; k < nodes; ++k) {
    const auto i = static_cast<std::size_t>(k);
    weights_[i] = k % 2 == 0 ? binomial : -binomial;
    binomial *= static_cast<double>(nodes - 1 - k) / static_cast<double>(k + 1);
    const double points = static_cast<double>(k - nodes_before);
    turns_[i] = std::polar(1.0, std::numbers::pi * points * centre / static_cast<double>(last()));
  }
}

/// Beyond its two ends the response of real taps is the mirror image's conjugate.
std::complex<double> gain_curve::on_grid(std::ptrdiff_t at) const {
  const auto end = static_cast<std::ptrdiff_t>(last());
  if (at < 0) return std::conj(response_[static_cast<std::size_t>(-at)]);
  if (at > end) return std::conj(response_[static_cast<std::size_t>(2 * end - at)]);
  return response_[static_cast<std::size_t>(at)];
}

double gain_curve::operator()(double place) const {
  const auto before = static_cast<std::ptrdiff_t>(place);
  std::complex<double> numerator;
  double denominator = 0;
  for (std::ptrdiff_t k = 0; k < nodes; ++k) {
    const auto i = static_cast<std::size_t>(k);
    const std::ptrdiff_t node = before - nodes_before + k;
    const double distance = place - static_cast<double>(node);
    if (distance == 0) return std::abs(on_grid(node));
    const double weight = weights_[i] / distance;
    numerator += weight * on_grid(node) * turns_[i];
    denominator += weight;
  }
  return std::abs(numerator) / std::abs(denominator);
}

gain_curve::point gain_curve::top_at(std::size_t at) const {
  return extreme_at(at, 1);
}

gain_curve::point gain_curve::bottom_at(std::size_t at) const {
  return extreme_at(at, -1);
}

/// By the golden section, which also finds the tip of a gain that goes to zero and back.
gain_curve::point gain_curve::extreme_at(std::size_t at, double sign) const {
  constexpr double share = 1 / std::numbers::phi;
  // To a hundred-thousandth of a point: the gain at a top is then right to all digits, and at a zero as low
  // as a millionth of its lobe.
  constexpr int steps = 25;
  double low = static_cast<double>(at) - 1;
  double high = static_cast<double>(at) + 1;
  double left = high - share * (high - low);
  double right = low + share * (high - low);
  double left_gain = sign * (*this)(left);
  double right_gain = sign * (*this)(right);
  for (int i = 0; i < steps; ++i) {
    if (left_gain > right_gain) {
      high = right;
      right = left;
      right_gain = left_gain;
      left = high - share * (high - low);
      left_gain = sign * (*this)(left);
    } else {
      low = left;
      left = right;
      left_gain = right_gain;
      right = low + share * (high - low);
      right_gain = sign * (*this)(right);
    }
  }
  const double place = std::midpoint(low, high);
  const double gain = (*this)(place);
  // Rounding is not to make an extreme less of one than the point of the grid.
  const double there = std::abs(response_[at]);
  if (sign * there >= sign * gain) return {static_cast<double>(at), there};
  return {place, gain};
}

double gain_curve::crossing(point from, point to, double wanted) const {
  // Halves of what is at most a point wide: the last is a part in 10^12 of it.
  constexpr int halves = 40;
  const bool begins_below = from.gain < wanted;
  for (int i = 0; i < halves; ++i) {
    const double middle = std::midpoint(from.place, to.place);
    const bool is_below = (*this)(middle) < wanted;
    (is_below == begins_below ? from : to).place = middle;
  }
  return std::midpoint(from.place, to.place);
}

}  // namespace weir::fir
