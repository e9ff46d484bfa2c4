#pragma once

#include <string>

#include <weir/mpi/agree.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// The error of a run that made a part of its output, with what became of that: blocks that are safe stay,
/// and the same command with `options` goes on from them. **Collective** over the world.
agreed_error with_remains(const communicator& world, const agreed_error& fault, const filter_job& job,
                          const checkpoint& state, const std::string& options = "--resume");

/// The same for a run that met a sample which the job refuses; names that sample. **Collective** over the
/// world. Throws `agreed_error`.
agreed_error refused(const topology& where, const filter_job& job, const run_plan& plan,
                     const checkpoint& state, const agreed_error& fault);

/// Gives the output its final name. `state`: at the run's beginning; `all`: what is done, on rank 0.
/// **Collective** over the world. Throws `agreed_error`.
void finish(const topology& where, const filter_job& job, const run_plan& plan, const checkpoint& state,
            const checkpoint& all, const rank_counts& counts);

/// Removes what a run leaves beside an output that has its final name already. **Collective** over the world.
void tidy_up(const topology& where, const filter_job& job);

}  // namespace weir::pipeline
