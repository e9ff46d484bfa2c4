#pragma once

#include <optional>
#include <string>
#include <vector>

#include "band_options.hpp"
#include "option_list.hpp"

namespace weir::cli {

/// The options of filters that smooth (or differentiate) by their width.
class smoothing_options {
 public:
  void add_options(option_list& app, const std::string& group);

  /// The options that were given of those that each name a filter.
  std::vector<std::string> named() const;

  /// The filter of the one that was given. Throws `error` (usage).
  designed_filter resolve(std::optional<double> sampling_rate) const;

 private:
  designed_filter gaussian(std::optional<double> sampling_rate) const;
  designed_filter savitzky_golay() const;
  designed_filter moving_average(std::optional<double> sampling_rate) const;

  std::string gaussian_;
  std::optional<double> truncate_;
  std::optional<int> order_;
  std::string savgol_;
  std::string moving_average_;
};

}  // namespace weir::cli
