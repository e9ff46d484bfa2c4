#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <weir/jobs/progress.hpp>

namespace weir {

/// How jobs are run; the same on all ranks. Given by name: `pool.with({.timeout = 2s, .isolated = true})`.
struct job_options {
  /// What messages and the progress call these jobs, such as "fit of a subject".
  std::string name = "job";

  /// The longest that one job may take. A job that takes longer is a failure, and its result is not used. An
  /// isolated job is killed then; another one is asked to stop (job_context::stop_requested()) and runs on
  /// until it does.
  std::optional<std::chrono::duration<double>> timeout = std::nullopt;

  /// Runs every job in a process of its own, a copy of the rank that ends with the job. Its result comes
  /// back, and what it stores in shared arrays is there, as with any other job; what it does to other memory
  /// is lost, and a job that crashes may leave its stores half done. A crash or a call of exit() is this
  /// job's failure and nobody else's, and the processes that it has started end with its timeout. Such a job
  /// must not call MPI. Costs one or more milliseconds a job, and for every MiB that the rank holds of its
  /// own up to half a millisecond more (bench_jobs measures it): keep large data in shared arrays.
  bool isolated = false;

  /// The key of the jobs' random numbers (job_context::random()).
  std::uint64_t seed = 0;

  /// Shows how many jobs are done, on stderr; see progress_scope.
  bool progress = false;
  /// How often, and whether the line is redrawn.
  progress_scope::style progress_style = progress_scope::automatic_style();
};

}  // namespace weir
