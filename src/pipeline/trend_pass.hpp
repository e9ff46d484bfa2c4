#pragma once

#include <vector>

#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/steps/row_line.hpp>
#include <weir/topology.hpp>

#include "phase_clock.hpp"

namespace weir::pipeline {

/// What a job's preparation makes of each row, but for the reference. Reads the chosen samples once where it
/// takes a trend off them, in the plan's blocks of the first pass. The bits do not depend on the ranks, the
/// domains and the blocks. **Collective** over the world; the same on all ranks. Throws `agreed_error`.
std::vector<steps::row_line> measure_lines(const topology& where, const filter_job& job, const run_plan& plan,
                                           rank_counts& counts, phase_clock& clock);

}  // namespace weir::pipeline
