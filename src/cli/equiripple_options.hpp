#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/fir/design/equiripple.hpp>

#include "band_options.hpp"
#include "option_list.hpp"

namespace weir::cli {

/// The options of equiripple filters, with the names of scipy.signal.remez's arguments.
class equiripple_options {
 public:
  void add_options(option_list& app, const std::string& group);

  /// The option that names the filter, if it was given. Throws `error` (usage) for others without it.
  std::vector<std::string> named() const;

  /// The filter. Throws `error` (usage).
  designed_filter resolve(std::optional<double> sampling_rate) const;

 private:
  std::vector<fir::weighted_band> bands() const;

  std::optional<std::size_t> taps_;
  std::string bands_;
  std::string desired_;
  std::string weights_;
  std::optional<std::size_t> most_iterations_;
  std::optional<std::size_t> grid_density_;
};

}  // namespace weir::cli
