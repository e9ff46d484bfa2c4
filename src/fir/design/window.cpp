#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/window.hpp>

#include "../message_text.hpp"

namespace weir::fir {
namespace {

/// A sum of cosines over one period, centred.
std::vector<double> cosine_window(std::span<const double> weights, std::size_t count) {
  std::vector<double> samples(count, 1.0);
  if (count == 1) return samples;
  const double step = 2 * std::numbers::pi / static_cast<double>(count - 1);
  for (std::size_t i = 0; i < count; ++i) {
    const double angle = static_cast<double>(i) * step - std::numbers::pi;
    double sum = 0;
    for (std::size_t k = 0; k < weights.size(); ++k)
      sum += weights[k] * std::cos(static_cast<double>(k) * angle);
    samples[i] = sum;
  }
  return samples;
}

std::vector<double> kaiser_window(double beta, std::size_t count) {
  if (!(beta >= 0) || beta > largest_kaiser_beta) {
    throw error(exit_code::usage, "the Kaiser window's beta is " + in_shortest_digits(beta) +
                                      ": give a number from 0 to " + in_shortest_digits(largest_kaiser_beta));
  }
  std::vector<double> samples(count, 1.0);
  const double centre = static_cast<double>(count - 1) / 2;
  const double peak = std::cyl_bessel_i(0.0, beta);
  for (std::size_t i = 0; i < count && count > 1; ++i) {
    const double place = (static_cast<double>(i) - centre) / centre;
    samples[i] = std::cyl_bessel_i(0.0, beta * std::sqrt(std::max(0.0, 1 - place * place))) / peak;
  }
  return samples;
}

}  // namespace

std::vector<double> window_samples(const window& what, std::size_t count) {
  if (count == 0) throw error(exit_code::usage, "a window needs at least 1 sample, not 0");
  switch (what.shape) {
    case window_shape::boxcar:
      return std::vector<double>(count, 1.0);
    case window_shape::hann:
      return cosine_window(std::array{0.5, 0.5}, count);
    case window_shape::hamming:
      return cosine_window(std::array{0.54, 0.46}, count);
    case window_shape::blackman:
      return cosine_window(std::array{0.42, 0.5, 0.08}, count);
    case window_shape::kaiser:
      return kaiser_window(what.beta, count);
  }
  throw error(exit_code::internal, "a window without a shape");
}

double kaiser_beta(double attenuation_db) {
  if (attenuation_db > 50) return 0.1102 * (attenuation_db - 8.7);
  if (attenuation_db > 21) {
    return 0.5842 * std::pow(attenuation_db - 21, 0.4) + 0.07886 * (attenuation_db - 21);
  }
  return 0;
}

double kaiser_attenuation(double beta) {
  if (beta <= 0) return 21;
  if (beta > kaiser_beta(50)) return std::max(50.0, beta / 0.1102 + 8.7);
  // The middle piece grows with the attenuation, so that halving finds it.
  double low = 21;
  double high = 50;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    (kaiser_beta(middle) < beta ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace weir::fir
