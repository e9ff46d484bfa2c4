#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weir::cli {

/// Some channels of a recording over a span of time.
struct traces {
  std::string name;
  std::vector<std::size_t> channels;
  std::vector<std::vector<double>> values;  ///< a row for each channel
  double rate = 1;                          ///< samples a second, or 1
  double begin = 0;                         ///< time of the first sample, in samples / rate
  bool has_rate = false;
  std::string unit;  ///< of the values; may be empty
};

/// A script for gnuplot: the traces of all recordings over one another, channel above channel, beside their
/// power spectra (mean over the channels). All have the same channels.
std::string plot_script(const std::vector<traces>& recordings, const std::string& file);

}  // namespace weir::cli
