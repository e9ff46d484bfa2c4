#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

#include <weir/fir/design/anti_alias.hpp>
#include <weir/fir/design/equiripple.hpp>
#include <weir/fir/design/minimum_phase.hpp>
#include <weir/fir/design/response.hpp>
#include <weir/fir/design/smoothing.hpp>
#include <weir/fir/design/windowed_sinc.hpp>
#include <weir/fir/power_spectrum.hpp>

namespace {

using namespace weir::fir;

window window_of(std::string_view name, double beta) {
  if (name == "boxcar") return {window_shape::boxcar};
  if (name == "hann") return {window_shape::hann};
  if (name == "blackman") return {window_shape::blackman};
  if (name == "kaiser") return {window_shape::kaiser, beta};
  return {window_shape::hamming};
}

band band_of(std::string_view name, double low, double high) {
  if (name == "highpass") return {band_kind::highpass, low};
  if (name == "bandpass") return {band_kind::bandpass, low, high};
  if (name == "bandstop") return {band_kind::bandstop, low, high};
  return {band_kind::lowpass, low};
}

/// Fills `out` and returns how many taps there are; -1 for an error, which is printed.
template <class Make>
std::ptrdiff_t fill(double* out, std::size_t room, Make make) {
  try {
    const std::vector<double> taps = make();
    if (taps.size() > room) return -1;
    std::copy(taps.begin(), taps.end(), out);
    return static_cast<std::ptrdiff_t>(taps.size());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return -1;
  }
}

}  // namespace

// Each fills `out` with taps and returns their number.
extern "C" {

std::ptrdiff_t design_windowed_sinc(const char* kind, double low, double high, std::size_t taps,
                                    const char* shape, double beta, double rate, double* out,
                                    std::size_t room) {
  return fill(out, room,
              [&] { return windowed_sinc(band_of(kind, low, high), taps, window_of(shape, beta), rate); });
}

/// `bands`: of each band its edges, its gain and its weight.
std::ptrdiff_t design_equiripple(std::size_t taps, const double* bands, std::size_t count, double rate,
                                 double* out, std::size_t room) {
  return fill(out, room, [&] {
    std::vector<weighted_band> all;
    for (std::size_t i = 0; i < count; ++i) {
      all.push_back({bands[4 * i], bands[4 * i + 1], bands[4 * i + 2], bands[4 * i + 3]});
    }
    return equiripple(taps, all, rate).taps;
  });
}

std::ptrdiff_t design_decimation(std::size_t q, double* out, std::size_t room) {
  return fill(out, room, [&] { return decimation_taps(q); });
}

std::ptrdiff_t design_resampling(std::size_t up, std::size_t down, double* out, std::size_t room) {
  return fill(out, room, [&] { return resampling_taps({up, down}); });
}

std::ptrdiff_t design_savitzky_golay(std::size_t length, std::size_t order, std::size_t derivative,
                                     double* out, std::size_t room) {
  return fill(out, room, [&] { return savitzky_golay_taps(length, order, derivative); });
}

std::ptrdiff_t design_twice(const double* taps, std::size_t count, double* out, std::size_t room) {
  return fill(out, room, [&] { return forwards_and_backwards(std::vector(taps, taps + count)); });
}

std::ptrdiff_t design_minimum_phase(const double* taps, std::size_t count, double* out, std::size_t room) {
  return fill(out, room, [&] { return minimum_phase(std::vector(taps, taps + count)); });
}

/// Real and imaginary parts in turn, at `intervals` + 1 frequencies.
void design_response(const double* taps, std::size_t count, std::size_t advance, std::size_t intervals,
                     double* out) {
  const auto response =
      frequency_response({.taps = std::vector(taps, taps + count), .advance = advance}, intervals);
  for (std::size_t i = 0; i < response.size(); ++i) {
    out[2 * i] = response[i].real();
    out[2 * i + 1] = response[i].imag();
  }
}

/// The first crossing of `level_db` in cycles a sample, or -1; then ripple and attenuation in dB.
void design_summary(const double* taps, std::size_t count, double level_db, double* out) {
  const response_summary found = summarise_response({.taps = std::vector(taps, taps + count)});
  out[0] = -1;
  for (const auto& crossing : found.crossings) {
    if (crossing.level_db == level_db) out[0] = crossing.at.front();
  }
  out[1] = found.ripple_db.value_or(-1);
  out[2] = found.attenuation_db.value_or(-1);
}

/// Fills `out` with the spectrum of a row and returns how many frequencies it has.
std::ptrdiff_t design_spectrum(const double* row, std::size_t samples, double* out, std::size_t room) {
  return fill(out, room, [&] { return power_spectrum(samples)(std::span(row, samples)); });
}

/// The number of taps of a band by the rules for `auto`; `transition` 0 is the rule's own.
std::size_t design_length(const char* kind, double low, double high, double transition, const char* shape,
                          double beta, double rate) {
  const band what = band_of(kind, low, high);
  return taps_for_transition(window_of(shape, beta),
                             transition > 0 ? transition : default_transition(what, rate), rate);
}

double design_kaiser_beta(double attenuation) {
  return kaiser_beta(attenuation);
}

/// -1 where there is no stop band.
double design_attenuation(const double* taps, std::size_t count, const char* kind, double low, double high,
                          double transition, double rate) {
  return stop_band_attenuation(std::vector(taps, taps + count), band_of(kind, low, high), transition, rate)
      .value_or(-1);
}
}
