#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <weir/fir/boundary.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/mpi/communicator.hpp>

#include "band_options.hpp"
#include "boundary_options.hpp"
#include "smoothing_options.hpp"

namespace weir::cli {

/// A filter as the options describe it, resolved for a recording.
struct chosen_filter {
  fir::filter_spec spec = {};
  fir::boundary ends;
  fir::method method = fir::method::automatic;
  std::string sentence = {};  ///< for people: what it is, its phase, its ends
};

/// The options that choose a filter.
class filter_choice {
 public:
  void add_options(CLI::App& app);

  /// Resolves units against the recording's rate; taps files are read on rank 0. **Collective.** Throws
  /// `error` (usage) on all ranks for options that are missing or contradict one another, and `agreed_error`
  /// for files.
  chosen_filter resolve(const communicator& world, std::optional<double> sampling_rate) const;

 private:
  designed_filter design(const communicator& world, std::optional<double> sampling_rate) const;
  std::string phase_sentence(const std::vector<double>& taps) const;

  smoothing_options smoothing_;
  band_options bands_;
  std::string taps_file_;
  bool complement_ = false;
  std::string phase_ = "zero";
  boundary_options ends_;
  std::string method_ = "auto";
};

}  // namespace weir::cli
