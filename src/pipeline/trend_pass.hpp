#pragma once

#include <optional>
#include <vector>

#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/pipeline/stop_request.hpp>
#include <weir/steps/row_line.hpp>
#include <weir/steps/trend.hpp>
#include <weir/topology.hpp>

#include "phase_clock.hpp"

namespace weir::pipeline {

/// The trend of each row of a job that takes trends off. Reads the chosen samples once, in the plan's blocks
/// of the first pass. The bits do not depend on the ranks, the domains and the blocks. Nothing if the ranks
/// were asked to stop. **Collective** over the world; the same on all ranks. Throws `agreed_error`.
std::optional<std::vector<steps::trend>> measure_trends(const topology& where, const filter_job& job,
                                                        const run_plan& plan, const stop_request& stop,
                                                        rank_counts& counts, phase_clock& clock);

/// What a job's preparation makes of each of its `rows`, but for the reference. `trends`: of each row, or
/// none where the job takes none off.
std::vector<steps::row_line> lines_of(const preparation& how, std::size_t rows,
                                      const std::vector<steps::trend>& trends);

}  // namespace weir::pipeline
