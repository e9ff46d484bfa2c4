#pragma once

#include <chrono>
#include <vector>

#include <weir/block_set.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/pipeline/work_span.hpp>

namespace weir::pipeline {

/// What is left of a job, who does which part of it, and what is written down about it.
class progress_keeper {
 public:
  using clock = std::chrono::steady_clock;

  /// `state` is what the marker says now. Ranks of `world` work in `domains` domains; this one in `domain`.
  progress_keeper(const communicator& world, checkpoint state, std::string marker, std::size_t domains,
                  std::size_t domain)
      : world_(world),
        state_(std::move(state)),
        marker_(std::move(marker)),
        last_(state_),
        collected_(state_),
        left_(state_.done.complement(state_.blocks().size())),
        domains_(domains),
        domain_(domain) {}

  /// How many blocks the busiest domain is to do.
  std::size_t rounds() const { return share(0).size(); }

  /// The number of blocks that were done before this run.
  std::size_t done_before() const { return state_.done.size(); }

  /// The block of the input that a domain does in a round; nothing if it has done all of its own.
  std::optional<block> block_of(std::size_t domain, std::size_t round) const {
    const index_range mine = share(domain);
    if (round >= mine.size()) return std::nullopt;
    return in_recording(state_.blocks()[left_[mine.begin + round]], state_.span.begin);
  }

  /// How many blocks this rank's domain is to do.
  std::size_t own_blocks() const { return share(domain_).size(); }

  bool is_due(std::chrono::duration<double> interval) const { return clock::now() - last_save_ >= interval; }

  /// Writes down what is done. **Collective** over the world: every rank has synced what it wrote.
  /// `own_done`: blocks that this rank's domain did; `counts`: of this rank; `log_bytes`: of its logs of
  /// packed chunks, as output_sink gives them. Throws `error` on rank 0 alone.
  void save(std::uint64_t own_done, const rank_counts& counts, const std::vector<std::uint64_t>& log_bytes);

  /// Brings together what is done, safe on the disk or not, and writes nothing down. **Collective** over the
  /// world.
  void collect(std::uint64_t own_done, const rank_counts& counts,
               const std::vector<std::uint64_t>& log_bytes);

  /// What was written down last. On rank 0; elsewhere what was there before this run.
  const checkpoint& saved() const { return last_; }

  /// What was brought together last. On rank 0; elsewhere what was there before this run.
  const checkpoint& collected() const { return collected_; }

  /// With write_mode::per_node: the files that this rank's domain writes in this run.
  std::vector<node_output> own_nodes() const;

  /// The number of this run among those at the output.
  std::uint64_t run() const { return state_.next_run(); }

 private:
  /// The places, in the order of what is left, of a domain's blocks.
  index_range share(std::size_t domain) const { return part_of(left_.size(), domains_, domain); }

  const communicator& world_;
  checkpoint state_;
  std::string marker_;
  checkpoint last_;
  checkpoint collected_;
  block_set left_;
  std::size_t domains_;
  std::size_t domain_;
  clock::time_point last_save_ = clock::now();
};

}  // namespace weir::pipeline
