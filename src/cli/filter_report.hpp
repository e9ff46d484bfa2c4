#pragma once

#include <string>

#include <weir/mpi/environment.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/report.hpp>

/// What `weir filter` tells of a run when it is over.
namespace weir::cli {

/// Writes the machine-readable report. An empty path is no report. When MPI has ended the time that took is
/// added to it. **Collective.** Throws `agreed_error`: io_error, cannot_create.
void write_report(environment& env, const topology& where, const std::string& path,
                  const pipeline::filter_job& job, const pipeline::run_plan& plan,
                  const pipeline::run_report& report);

/// Warns of samples that were clipped, and of those that are not finite. All ranks may call it, or rank 0.
void warn_of_samples(const communicator& world, const pipeline::filter_job& job,
                     const pipeline::run_report& report);

/// What was made, how fast, and with how much memory, in two lines.
std::string summary(const pipeline::filter_job& job, const pipeline::run_report& report);

/// The line that gives the command to go on with after a run that stopped at a checkpoint.
std::string how_to_go_on(const pipeline::filter_job& job, const pipeline::run_report& report);
/// The same after a stop before the job began, where it is not a command's first.
std::string how_to_go_on(const pipeline::filter_job& job);

}  // namespace weir::cli
