#pragma once

#include <functional>

#include <weir/mpi/start_up.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/pipeline/stop_request.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// Told on rank 0 at the end of a round of blocks: how many of all blocks are done.
using progress_callback = std::function<void(std::size_t done, std::size_t all)>;

/// Filters a recording: every domain takes its blocks one after another, reads each with its halo into its
/// window by the file's chunks, filters it in place by rows, and writes it by the output's chunks. The output
/// stands under its final name when it is complete, and not before.
/// Every `checkpoint_interval` the ranks sync what they wrote, and rank 0 replaces the progress marker.
///
/// A run that is asked to stop, on any rank, stops at a block's end with such a checkpoint; the report says
/// so. It does a block or two in any case, so that runs which are stopped again and again come to an end.
///
/// `start`: what this process did before, for the report.
///
/// **Collective** over the world. Throws `agreed_error` on all ranks if any rank failed (cannot_create where
/// the output cannot be made, io_error on the way). What was made is kept if a marker says that part of it is
/// safe, and removed otherwise.
run_report run(const topology& where, const filter_job& job, const run_plan& plan, const stop_request& stop,
               const start_up& start = {}, const progress_callback& progress = {});

}  // namespace weir::pipeline
