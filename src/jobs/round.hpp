#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <weir/jobs/batch.hpp>

namespace weir::jobs {

/// Jobs that are run between two exchanges of results, and the units that they form: a job that takes results
/// of no other job of the round begins a unit, one that takes those of the last job of one unit continues it.
/// So what a job takes is always on the rank that runs it. Arithmetic alone; the same on all ranks.
class round {
 public:
  /// Takes batches from the front of `waiting`, up to the first one with a job that can neither begin nor
  /// continue a unit; at least one, if there is any. Throws error(usage) if there are more jobs than 32 bits
  /// number.
  explicit round(std::vector<std::shared_ptr<batch>>& waiting);

  struct job {
    batch* of;
    std::size_t index;
  };

  std::uint32_t units() const noexcept { return static_cast<std::uint32_t>(heads_.size()); }
  std::size_t jobs() const noexcept { return next_.size(); }
  const std::vector<std::shared_ptr<batch>>& batches() const noexcept { return batches_; }

  /// Jobs are numbered from 0, batch after batch.
  job at(std::uint32_t number) const;

  /// Calls `run` with the numbers of a unit's jobs, in their order.
  template <class F>
  void for_each_job(std::uint32_t unit, F&& run) const {
    for (std::uint32_t number = heads_[unit]; number != none; number = next_[number]) run(number);
  }

 private:
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  bool append(std::shared_ptr<batch> more);

  std::vector<std::shared_ptr<batch>> batches_;
  std::vector<std::size_t> first_;    ///< number of each batch's first job
  std::vector<std::uint32_t> heads_;  ///< first job of each unit
  std::vector<std::uint32_t> next_;   ///< job that continues a job's unit
};

}  // namespace weir::jobs
