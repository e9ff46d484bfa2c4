#pragma once

#include <algorithm>

#include <weir/pipeline/report.hpp>
#include <weir/shm/memory_limits.hpp>

namespace weir::pipeline {

/// Looks at what this rank takes of its node's memory, so that the sum over a node's ranks counts what they
/// share once. The shares of shared memory change as ranks touch the same pages, and add up only when they
/// are looked at together, so the last look counts; of all else the most.
inline void measure_memory(rank_counts& counts) {
  const process_memory now = memory_of_this_process();
  const std::size_t own = now.proportional - std::min(now.shared, now.proportional);
  counts.peak_own_bytes = std::max<std::uint64_t>(counts.peak_own_bytes, own);
  counts.shared_bytes = now.shared;
}

}  // namespace weir::pipeline
