#include <cmath>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/gaussian.hpp>

#include "message_text.hpp"

namespace weir::fir {
namespace {

void check(const gaussian& kernel) {
  if (!(kernel.sigma > 0) || !std::isfinite(kernel.sigma)) {
    throw error(exit_code::usage, "the Gaussian's sigma is " + in_shortest_digits(kernel.sigma) +
                                      ": give a positive number of samples");
  }
  if (!(kernel.truncate >= 0) || !std::isfinite(kernel.truncate)) {
    throw error(exit_code::usage, "the Gaussian's truncate is " + in_shortest_digits(kernel.truncate) +
                                      ": give a number of standard deviations that is not negative");
  }
  if (kernel.order < 0) {
    throw error(exit_code::usage, "the Gaussian's order is " + std::to_string(kernel.order) +
                                      ": give 0 to smooth, or the number of a derivative");
  }
  if (kernel.order > largest_gaussian_order) {
    throw error(exit_code::usage, "the Gaussian's order is " + std::to_string(kernel.order) +
                                      ": give at most " + std::to_string(largest_gaussian_order));
  }
  if (2 * kernel.truncate * kernel.sigma + 2 > largest_number_of_taps) {
    throw error(exit_code::usage,
                "a Gaussian with sigma " + in_shortest_digits(kernel.sigma) + " cut at " +
                    in_shortest_digits(kernel.truncate) +
                    " standard deviations has too many taps: give a smaller sigma or truncate");
  }
}

/// Coefficients of the polynomial that turns the Gaussian into its derivative of this order.
std::vector<double> derivative_polynomial(int order, double variance) {
  const auto degree = static_cast<std::size_t>(order);
  std::vector<double> q(degree + 1, 0.0);
  q[0] = 1;
  for (int step = 0; step < order; ++step) {
    std::vector<double> next(degree + 1, 0.0);
    for (std::size_t i = 0; i <= degree; ++i) {
      if (i < degree) next[i] += static_cast<double>(i + 1) * q[i + 1];
      if (i > 0) next[i] -= q[i - 1] / variance;
    }
    q = next;
  }
  return q;
}

}  // namespace

std::vector<double> gaussian_taps(const gaussian& kernel) {
  check(kernel);
  const auto radius = static_cast<std::ptrdiff_t>(kernel.truncate * kernel.sigma + 0.5);
  const double variance = kernel.sigma * kernel.sigma;
  std::vector<double> taps;
  taps.reserve(static_cast<std::size_t>(2 * radius + 1));
  double sum = 0;
  for (std::ptrdiff_t x = -radius; x <= radius; ++x) {
    const auto distance = static_cast<double>(x);
    taps.push_back(std::exp(-0.5 * distance * distance / variance));
    sum += taps.back();
  }
  const std::vector<double> q = derivative_polynomial(kernel.order, variance);
  for (std::ptrdiff_t x = -radius; x <= radius; ++x) {
    double factor = 0;
    for (std::size_t i = q.size(); i-- > 0;) factor = factor * static_cast<double>(x) + q[i];
    double& tap = taps[static_cast<std::size_t>(x + radius)];
    tap *= factor / sum;
    if (!std::isfinite(tap)) {
      throw error(exit_code::usage,
                  "a Gaussian with sigma " + in_shortest_digits(kernel.sigma) + " and order " +
                      std::to_string(kernel.order) +
                      " has taps that no double can hold: give a larger sigma or a smaller order");
    }
  }
  return taps;
}

}  // namespace weir::fir
