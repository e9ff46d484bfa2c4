#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <weir/mpi/communicator.hpp>

namespace weir::pipeline {

/// What a rank tells all others at the end of a round of blocks.
struct status {
  std::uint64_t failures = 0;     ///< ranks that failed
  std::uint64_t stops = 0;        ///< ranks that were asked to stop
  std::uint64_t checkpoints = 0;  ///< ranks that want a checkpoint
  std::uint64_t blocks_done = 0;  ///< since the beginning
};

/// Sums of all ranks' status, one round late: the sum of a round is asked for while the next one is worked
/// on, so that no domain waits for another at a block's end.
class round_status {
 public:
  explicit round_status(const communicator& all) : all_(all) {}

  /// **Collective.** Tells the others this round's status, and learns the sum of the round before.
  void put(const status& mine) {
    finish();
    pending_.emplace(all_.start_all_reduce(
        std::vector{mine.failures, mine.stops, mine.checkpoints, mine.blocks_done}, reduction::sum));
  }

  /// The sum of the last round that is complete; zeros before the second.
  const status& previous() const { return previous_; }

  /// **Collective.** Learns the sum of the last round.
  void finish() {
    if (!pending_) return;
    const std::vector<std::uint64_t> sums = pending_->get();
    pending_.reset();
    previous_ = {.failures = sums[0], .stops = sums[1], .checkpoints = sums[2], .blocks_done = sums[3]};
  }

 private:
  const communicator& all_;
  std::optional<pending_reduction<std::uint64_t>> pending_;
  status previous_;
};

}  // namespace weir::pipeline
