#pragma once

#include <algorithm>
#include <chrono>

#include <weir/pipeline/report.hpp>
#include <weir/shm/memory_limits.hpp>

namespace weir::pipeline {

/// Looks at what this rank takes of its node's memory, so that the sum over a node's ranks counts what they
/// share once. The shares of shared memory change as ranks touch the same pages, and add up only when they
/// are looked at together, so the last look counts; of all else the most. Pages of files count in full, not
/// by the share that other programs leave: what else runs on the node must not change the figure.
inline void measure_memory(rank_counts& counts) {
  const process_memory now = memory_of_this_process();
  counts.peak_own_bytes = std::max<std::uint64_t>(counts.peak_own_bytes, now.anonymous);
  counts.shared_bytes = now.shared;
  counts.library_bytes = std::max<std::uint64_t>(counts.library_bytes, now.file_backed);
}

/// Looks at a rank's memory as often as half a hundredth of its time allows: the kernel visits every page
/// that the process maps, in milliseconds or more, which a small block would pay for many times over.
class memory_meter {
 public:
  using clock = std::chrono::steady_clock;

  explicit memory_meter(rank_counts& counts) : counts_(counts) {}

  /// Looks if it is time.
  void look_when_due() {
    const clock::time_point begin = clock::now();
    if (begin < due_) return;
    measure_memory(counts_);
    const clock::time_point end = clock::now();
    due_ = end + looks_apart * (end - begin);
  }

 private:
  static constexpr int looks_apart = 200;  ///< times as long as a look takes

  rank_counts& counts_;
  clock::time_point due_;
};

}  // namespace weir::pipeline
