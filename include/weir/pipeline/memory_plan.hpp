#pragma once

#include <algorithm>
#include <cstddef>

namespace weir::pipeline {

/// What a node holds while the job runs, in bytes. The parts add up to the most that a node needs.
struct memory_plan {
  std::size_t budget = 0;        ///< what the job may take of a node
  std::size_t window = 0;        ///< one domain's windows
  std::size_t libraries = 0;     ///< the program and its libraries, which the ranks of a node share
  std::size_t rank_base = 0;     ///< what a rank holds of its own before the job begins: MPI's buffers
  std::size_t rank_buffers = 0;  ///< what the job adds in a rank: staging, chunk cache, the filter's scratch
  std::size_t domain_buffers = 0;  ///< what it adds in each domain's leader: what it sends or writes for all
  std::size_t first_buffers = 0;   ///< what it adds in rank 0, if that alone writes
  std::size_t ranks = 0;           ///< on the fullest node
  std::size_t domains = 0;         ///< on the fullest node
  /// What all ranks of a node hold while packed chunks are brought from their logs to the output, when the
  /// windows and all buffers of the job are gone.
  std::size_t storing = 0;

  std::size_t job() const {
    return domains * (window + domain_buffers) + ranks * rank_buffers + first_buffers;
  }
  std::size_t node() const { return libraries + std::max(job(), storing) + ranks * rank_base; }
};

}  // namespace weir::pipeline
