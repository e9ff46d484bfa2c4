#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include <weir/jobs/batch.hpp>

#include "isolated.hpp"

namespace weir::jobs {

/// Runs one job on this rank, which is number `rank` of the pool, and records what became of it. Only an
/// mpi_error leaves it: that is not the job's failure. Not collective.
void run_job(batch& jobs, std::size_t index, int rank, const std::function<void()>& while_waiting);

/// Records that a job has no result. What its input is may not be known any more: then no text tells it.
void record_failure(batch& jobs, std::size_t index, isolated_end end);

/// Whether this process is running a job.
bool is_inside_job() noexcept;

/// Inside a job: adds jobs that it submits, and runs them, in order and on this rank alone, until those of
/// `jobs` are done. Nothing if the job did not submit them.
void submit_inside(std::shared_ptr<batch> jobs);
void finish_inside(const batch& jobs);
void finish_all_inside();

}  // namespace weir::jobs
