#pragma once

#include <optional>

#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>

namespace weir::pipeline {

/// What a run that was interrupted left of the job's output.
struct begun_output {
  std::optional<checkpoint> state = {};  ///< nothing: there is no progress to go on from
  bool is_complete = false;              ///< the output is whole under its final name already
};

/// Looks for an interrupted run of this job. Not collective: one rank does. Throws `error`: bad_data if the
/// input is another than it was, usage if the filter is, and either if the marker or OUT.part are damaged.
begun_output find_begun_output(const filter_job& job);

}  // namespace weir::pipeline
