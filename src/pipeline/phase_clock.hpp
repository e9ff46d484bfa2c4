#pragma once

#include <chrono>

#include <weir/pipeline/report.hpp>

namespace weir::pipeline {

/// Gives all of a rank's time to one phase at a time, so that the phases add up to the wall time.
class phase_clock {
 public:
  using clock = std::chrono::steady_clock;

  explicit phase_clock(rank_counts& counts) : counts_(counts) {}
  ~phase_clock() { enter(current_); }
  phase_clock(const phase_clock&) = delete;
  phase_clock& operator=(const phase_clock&) = delete;

  /// From now on time belongs to `next`.
  void enter(phase next) {
    const clock::time_point now = clock::now();
    counts_.seconds[static_cast<std::size_t>(current_)] +=
        std::chrono::duration<double>(now - since_).count();
    since_ = now;
    current_ = next;
  }

 private:
  rank_counts& counts_;
  phase current_ = phase::setup;
  clock::time_point since_ = clock::now();
};

}  // namespace weir::pipeline
