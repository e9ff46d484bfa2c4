#pragma once

#include <optional>
#include <string>

#include <weir/fir/boundary.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/mpi/communicator.hpp>

#include "band_options.hpp"
#include "boundary_options.hpp"
#include "equiripple_options.hpp"
#include "option_list.hpp"
#include "rate_options.hpp"
#include "smoothing_options.hpp"

namespace weir::cli {

/// A filter as the options describe it, resolved for a recording.
struct chosen_filter {
  fir::filter_spec spec = {};
  fir::boundary ends;
  fir::method method = fir::method::automatic;
  std::string sentence = {};               ///< for people: what it is, its phase, its ends
  std::vector<std::string> warnings = {};  ///< what a person may not have meant
};

/// The options that choose a filter.
class filter_choice {
 public:
  void add_options(option_list& app);

  /// Whether a filter is named, by whichever option.
  bool is_named() const { return !named().empty(); }

  /// For a run of other steps alone: what changes nothing. Throws `error` (usage) for options of a filter.
  chosen_filter no_filter() const;

  /// Resolves units against the recording's rate, without MPI. The filter of a change of that rate works at
  /// as many times it as the ratio raises it, with a gain of as much; where no filter is named, the change
  /// brings its own. Throws `error`: usage for options that are missing or contradict one another, and what
  /// taps files throw.
  chosen_filter resolve_alone(std::optional<double> sampling_rate, const rate_change& change = {}) const;

  /// The same on all ranks, and warns once. **Collective.** Rank 0 designs: a mathematical library that
  /// rounds otherwise on another host's processor must not give its ranks other taps. Throws `agreed_error`.
  chosen_filter resolve(const communicator& world, std::optional<double> sampling_rate,
                        const rate_change& change = {}) const;

 private:
  std::vector<std::string> named() const;
  designed_filter named_filter(std::optional<double> sampling_rate) const;
  designed_filter design(std::optional<double> sampling_rate, const rate_change& change) const;
  chosen_filter with_ends(designed_filter made) const;
  std::string phase_sentence(const std::vector<double>& taps, const rate_change& change) const;

  smoothing_options smoothing_;
  band_options bands_;
  equiripple_options equiripple_;
  std::string taps_file_;
  bool complement_ = false;
  std::string phase_ = "zero";
  boundary_options ends_;
  std::string method_ = "auto";
};

}  // namespace weir::cli
