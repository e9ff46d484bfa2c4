#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <string>

#include <weir/error.hpp>
#include <weir/fir/design/windowed_sinc.hpp>
#include <weir/fir/gaussian.hpp>

#include "../message_text.hpp"

namespace weir::fir {
namespace {

bool has_two_cutoffs(band_kind kind) {
  return kind == band_kind::bandpass || kind == band_kind::bandstop;
}

void check(const band& what, std::size_t taps, double sampling_rate) {
  const double top = sampling_rate / 2;
  const auto check_cutoff = [&](double cutoff) {
    if (cutoff > 0 && cutoff < top) return;
    throw error(exit_code::usage, "a cutoff of " + in_shortest_digits(cutoff) +
                                      " Hz is not between 0 and half the sampling rate, " +
                                      in_shortest_digits(top) + " Hz");
  };
  check_cutoff(what.low_hz);
  if (has_two_cutoffs(what.kind)) {
    check_cutoff(what.high_hz);
    if (what.low_hz >= what.high_hz) {
      throw error(exit_code::usage, "a band from " + in_shortest_digits(what.low_hz) + " to " +
                                        in_shortest_digits(what.high_hz) +
                                        " Hz is empty; give the lower cutoff first");
    }
  }
  const bool passes_top = what.kind == band_kind::highpass || what.kind == band_kind::bandstop;
  if (taps == 0 || (passes_top && taps % 2 == 0)) {
    throw error(exit_code::usage, std::to_string(taps) + " taps cannot make this filter; give an odd number");
  }
}

/// The ideal low-pass' response at a distance from its centre; cutoff and distance in units of half the
/// sampling rate and of samples.
double sinc(double cutoff, double distance) {
  if (distance == 0) return cutoff;
  const double angle = std::numbers::pi * distance;
  return std::sin(cutoff * angle) / angle;
}

/// Pass bands as fractions of half the sampling rate.
struct pass_band {
  double low;
  double high;
};

std::vector<pass_band> pass_bands(const band& what, double sampling_rate) {
  const double low = what.low_hz / (sampling_rate / 2);
  const double high = what.high_hz / (sampling_rate / 2);
  switch (what.kind) {
    case band_kind::lowpass:
      return {{0, low}};
    case band_kind::highpass:
      return {{low, 1}};
    case band_kind::bandpass:
      return {{low, high}};
    case band_kind::bandstop:
      return {{0, low}, {high, 1}};
  }
  throw error(exit_code::internal, "a band without a kind");
}

/// Where the gain is made 1.
double unit_gain_at(const pass_band& first) {
  if (first.low == 0) return 0;
  if (first.high == 1) return 1;
  return 0.5 * (first.low + first.high);
}

/// The magnitude of the response at a frequency, by Horner's rule on the unit circle.
double gain(const std::vector<double>& taps, double hz, double sampling_rate) {
  const std::complex<double> turn = std::polar(1.0, -2 * std::numbers::pi * hz / sampling_rate);
  std::complex<double> sum = 0;
  for (std::size_t k = taps.size(); k-- > 0;) sum = sum * turn + taps[k];
  return std::abs(sum);
}

/// The largest gain between two frequencies, on a grid of some points a side lobe.
double largest_gain(const std::vector<double>& taps, double from_hz, double to_hz, double sampling_rate) {
  constexpr double points_a_lobe = 4;
  // Side lobes shrink away from the pass band: what lies beyond this many of them is not the worst.
  constexpr double most_points = 2000;
  const double lobe = sampling_rate / static_cast<double>(taps.size());
  const double points =
      std::clamp(std::ceil(points_a_lobe * std::abs(to_hz - from_hz) / lobe), 1.0, most_points);
  const double step =
      std::copysign(std::min(std::abs(to_hz - from_hz) / points, lobe / points_a_lobe), to_hz - from_hz);
  double worst = gain(taps, to_hz, sampling_rate);
  for (double i = 0; i <= points; ++i) worst = std::max(worst, gain(taps, from_hz + i * step, sampling_rate));
  return worst;
}

}  // namespace

std::vector<double> windowed_sinc(const band& what, std::size_t taps, const window& shape,
                                  double sampling_rate) {
  check(what, taps, sampling_rate);
  const std::vector<pass_band> passes = pass_bands(what, sampling_rate);
  const double centre = static_cast<double>(taps - 1) / 2;
  std::vector<double> made = window_samples(shape, taps);
  double gain_now = 0;
  for (std::size_t i = 0; i < taps; ++i) {
    const double distance = static_cast<double>(i) - centre;
    double ideal = 0;
    for (const auto& [low, high] : passes) ideal += sinc(high, distance) - sinc(low, distance);
    made[i] *= ideal;
    gain_now += made[i] * std::cos(std::numbers::pi * distance * unit_gain_at(passes.front()));
  }
  for (double& tap : made) tap /= gain_now;
  // Rounding must not spoil the symmetry: it makes the response real, and halves the work.
  for (std::size_t i = 0; i < taps / 2; ++i) made[taps - 1 - i] = made[i];
  return made;
}

double default_transition(const band& what, double sampling_rate) {
  const auto below_pass = [](double hz) { return std::min(std::max(hz / 4, 2.0), hz); };
  const auto above_pass = [&](double hz) { return std::min(std::max(hz / 4, 2.0), sampling_rate / 2 - hz); };
  switch (what.kind) {
    case band_kind::lowpass:
      return above_pass(what.low_hz);
    case band_kind::highpass:
      return below_pass(what.low_hz);
    case band_kind::bandpass:
      return std::min(below_pass(what.low_hz), above_pass(what.high_hz));
    case band_kind::bandstop:
      return std::min(above_pass(what.low_hz), below_pass(what.high_hz));
  }
  throw error(exit_code::internal, "a band without a kind");
}

std::size_t taps_for_transition(const window& shape, double transition_hz, double sampling_rate) {
  if (!(transition_hz > 0)) {
    throw error(exit_code::usage, "a transition of " + in_shortest_digits(transition_hz) +
                                      " Hz is too narrow; give a positive width");
  }
  const double width = transition_hz / sampling_rate;
  double taps = 0;
  switch (shape.shape) {
    case window_shape::boxcar:
      throw error(exit_code::usage,
                  "a boxcar window has no rule for its length; give --numtaps N, or another window");
    case window_shape::hann:
      taps = 3.1 / width;
      break;
    case window_shape::hamming:
      taps = 3.3 / width;
      break;
    case window_shape::blackman:
      taps = 5.0 / width;
      break;
    case window_shape::kaiser:
      taps = (kaiser_attenuation(shape.beta) - 7.95) / (2.285 * 2 * std::numbers::pi * width) + 1;
      break;
  }
  taps = std::max(1.0, std::ceil(taps));
  if (taps + 1 > largest_number_of_taps) {
    throw error(exit_code::usage, "a transition of " + in_shortest_digits(transition_hz) + " Hz needs " +
                                      in_shortest_digits(taps) +
                                      " taps; give a wider one, or decimate first");
  }
  return static_cast<std::size_t>(taps) | 1U;
}

std::optional<double> stop_band_attenuation(const std::vector<double>& taps, const band& what,
                                            double transition_hz, double sampling_rate) {
  const double half = transition_hz / 2;
  const double top = sampling_rate / 2;
  double worst = -1;
  // From the edge nearest to the pass band outwards.
  const auto add = [&](double from_hz, double to_hz, double direction) {
    if ((to_hz - from_hz) * direction < 0) return;
    worst = std::max(worst, largest_gain(taps, from_hz, to_hz, sampling_rate));
  };
  switch (what.kind) {
    case band_kind::lowpass:
      add(what.low_hz + half, top, 1);
      break;
    case band_kind::highpass:
      add(what.low_hz - half, 0, -1);
      break;
    case band_kind::bandpass:
      add(what.low_hz - half, 0, -1);
      add(what.high_hz + half, top, 1);
      break;
    case band_kind::bandstop:
      add(what.low_hz + half, what.high_hz - half, 1);
      break;
  }
  if (worst < 0) return std::nullopt;
  return -20 * std::log10(std::max(worst, std::numeric_limits<double>::min()));
}

}  // namespace weir::fir
