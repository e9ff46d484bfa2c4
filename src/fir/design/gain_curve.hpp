#pragma once

#include <array>
#include <complex>
#include <cstddef>
#include <span>

namespace weir::fir {

/// The gain of a filter at any frequency, from its response on a grid that is eight times finer, or more,
/// than the taps need: sixteen points around a place give the response there as exactly as rounding allows,
/// however many taps there are. Places are in the grid's points, and may have a fraction.
class gain_curve {
 public:
  /// `response` at places 0 to the last one, which is half the sampling rate. `centre`: how far behind the
  /// output sample the middle of the taps stands, in samples. The response must outlive the curve.
  gain_curve(std::span<const std::complex<double>> response, double centre);

  std::size_t last() const { return response_.size() - 1; }
  /// The gain at a place between 0 and last().
  double operator()(double place) const;

  struct point {
    double place;
    double gain;
  };
  /// The extreme that is less than a point away from the grid's point `at`, which is one among its
  /// neighbours.
  point top_at(std::size_t at) const;
  point bottom_at(std::size_t at) const;

  /// Where the gain has the value `wanted`, which lies between its values at two places.
  double crossing(point from, point to, double wanted) const;

 private:
  static constexpr std::ptrdiff_t nodes = 16;
  static constexpr std::ptrdiff_t nodes_before = nodes / 2 - 1;

  std::complex<double> on_grid(std::ptrdiff_t at) const;
  point extreme_at(std::size_t at, double sign) const;

  std::span<const std::complex<double>> response_;
  /// Weights of the second barycentric form, and the turns that take the taps' delay away: what is left
  /// changes slowly from one point to the next.
  std::array<double, nodes> weights_{};
  std::array<std::complex<double>, nodes> turns_{};
};

}  // namespace weir::fir
