#pragma once

#include <chrono>

#include <weir/mpi/start_up.hpp>
#include <weir/pipeline/report.hpp>

namespace weir::pipeline {

/// Gives all of a rank's time to one phase at a time, so that the phases add up to the wall time.
class phase_clock {
 public:
  using clock = start_up::clock;

  /// What followed on `start` until now was planning.
  phase_clock(rank_counts& counts, const start_up& start) : counts_(counts), since_(start.end) {
    counts_.of(phase::launch) = start.launch;
    counts_.of(phase::load) = start.load;
    counts_.of(phase::mpi_init) = start.mpi_init;
  }
  ~phase_clock() { enter(current_); }
  phase_clock(const phase_clock&) = delete;
  phase_clock& operator=(const phase_clock&) = delete;

  /// From now on time belongs to `next`.
  void enter(phase next) {
    const clock::time_point now = clock::now();
    counts_.of(current_) += std::chrono::duration<double>(now - since_).count();
    since_ = now;
    current_ = next;
  }

 private:
  rank_counts& counts_;
  phase current_ = phase::plan;
  clock::time_point since_;
};

}  // namespace weir::pipeline
