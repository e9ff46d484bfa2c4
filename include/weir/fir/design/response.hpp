#pragma once

#include <complex>
#include <cstddef>
#include <optional>
#include <vector>

#include <weir/fir/filter_spec.hpp>

namespace weir::fir {

/// The filter's response at frequencies 0, 1, ... `intervals` times half the sampling rate / `intervals`: by
/// what a sinusoid is multiplied, its phase against the output sample's own place. As scipy.signal.freqz of
/// the taps, turned by the advance. `intervals` is a power of two.
std::vector<std::complex<double>> frequency_response(const filter_spec& filter, std::size_t intervals);

/// A number of intervals that shows every lobe of such a filter's response.
std::size_t response_intervals(std::size_t taps);

/// What a person asks of a response. Frequencies are in cycles a sample: times the sampling rate they are
/// hertz. Levels are against the largest gain.
struct response_summary {
  double largest_gain = 0;
  double largest_at = 0;
  double gain_at_zero = 0;

  /// Where the gain crosses a level, rising or falling.
  struct crossing {
    double level_db;
    std::vector<double> at;
  };
  std::vector<crossing> crossings;  ///< of -1, -3, -6, -20, -40 and -60 dB

  /// The largest distance in dB between the lobes of the pass bands (above -6 dB) and 0 dB: nothing where the
  /// response is the same at all frequencies.
  std::optional<double> ripple_db;

  /// How far down the highest side lobe is: nothing where there is no lobe below -6 dB.
  std::optional<double> attenuation_db;
};

response_summary summarise_response(const filter_spec& filter);

}  // namespace weir::fir
