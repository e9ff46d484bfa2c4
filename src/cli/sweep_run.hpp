#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/jobs/progress.hpp>
#include <weir/topology.hpp>

#include "filter_choice.hpp"
#include "sweep_score.hpp"

namespace weir::cli {

/// What a sweep does: many filters, one recording, one score.
struct sweep_work {
  io::recording input;
  std::optional<io::recording> reference = {};  ///< of the same shape, for score_kind::difference
  std::optional<frequency_band> band = {};      ///< for the scores that want one
  score_kind score = score_kind::rms;
  std::vector<chosen_filter> filters = {};
  domain_choice domains = {};
  std::optional<progress_scope::style> progress = {};  ///< nothing: none is shown
};

/// **Collective** over the world. Holds the recording once a domain, and filters its rows in the jobs of a
/// pool. One score a filter, in their order; the same bits on any number of ranks. Throws `agreed_error`.
std::vector<double> run_sweep(const topology& where, const sweep_work& work);

}  // namespace weir::cli
