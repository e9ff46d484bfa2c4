#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/fir/design/windowed_sinc.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// A filter that was designed, for people and for the rows.
struct designed_filter {
  std::vector<double> taps;
  std::string sentence;               ///< what it is
  std::vector<std::string> warnings;  ///< what a person may not have meant
};

/// The options of filters by their pass bands: cutoffs, window, length.
class band_options {
 public:
  void add_options(option_list& app, const std::string& group);

  /// The options that were given of those that each name a filter.
  std::vector<std::string> named() const;

  /// The filter of the one that was given. Throws `error` (usage).
  designed_filter resolve(std::optional<double> sampling_rate) const;

 private:
  struct length_choice {
    std::size_t taps;
    double transition_hz;  ///< around each cutoff
  };

  fir::band band(double sampling_rate) const;
  fir::window window() const;
  length_choice length(const fir::band& what, const fir::window& shape, double sampling_rate) const;

  std::string lowpass_;
  std::string highpass_;
  std::vector<std::string> bandpass_;
  std::vector<std::string> bandstop_;
  std::string window_;
  std::string taps_ = "auto";
  std::string transition_;
  std::optional<double> attenuation_db_;
};

}  // namespace weir::cli
