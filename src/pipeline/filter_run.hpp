#pragma once

#include <memory>
#include <optional>

#include <weir/byte_size.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/shm/work_shares.hpp>

#include "block_reference.hpp"
#include "block_windows.hpp"
#include "block_worker.hpp"
#include "make_sink.hpp"
#include "measure_memory.hpp"
#include "phase_clock.hpp"
#include "progress_keeper.hpp"
#include "round_status.hpp"
#include "shared_failure.hpp"
#include "stop_request.hpp"
#include "window_reader.hpp"

namespace weir::pipeline {

/// What a rank says that meets a sample which the job refuses; run() finds out which is the first.
inline constexpr const char* nonfinite_sentence = "the recording has samples that are NaN or infinite";

/// One job on one rank, with samples of type `S` in the window. Every rank of the world makes one and calls
/// run(); the ranks of a domain share its window.
template <sample S>
class filter_run {
 public:
  /// **Collective** over the world.
  filter_run(const topology& where, const filter_job& job, const run_plan& plan, const io::recording& part,
             std::vector<steps::row_line> lines, progress_keeper& keeper, rank_counts& counts,
             phase_clock& clock)
      : where_(where),
        job_(job),
        plan_(plan),
        keeper_(keeper),
        counts_(counts),
        clock_(clock),
        domain_(static_cast<std::size_t>(where.domain_index())),
        mine_{static_cast<std::size_t>(where.domain().rank()),
              static_cast<std::size_t>(where.domain().size())},
        windows_(where, plan, job.selected_samples()),
        to_read_(agree(where.world(), [&] { return work_shares(where.domain()); })),
        to_write_(agree(where.world(), [&] { return work_shares(where.domain()); })) {
    if (!job.prepare.is_none()) rows_.emplace(std::move(lines), job.input.samples, job.selected_samples());
    if (job.prepare.needs_all_rows()) {
      reference_.emplace(where, job.prepare.reference, plan.window.input, *rows_);
    }
    failure_.attempt([&] {
      worker_ = make_block_worker<S>(job_.operation, {.ends = job_.boundary,
                                                      .length = job_.input.samples,
                                                      .reach = plan_.reach,
                                                      .kept = job_.selected_samples(),
                                                      .result = part.type,
                                                      .counts_neighbours = job_.refuses_nonfinite,
                                                      .prepared = rows_ ? &*rows_ : nullptr});
      reader_.emplace(job_, plan_.reach);
    });
    result_size_ = size_of(part.type);
    sink_ = make_sink<S>(where, job, part, keeper, to_write_, failure_, counts);
    failure_.rethrow_on_all(where_.world());
    log_info("domain {}: {} blocks through {} of {}, shared by {} ranks", domain_, keeper_.own_blocks(),
             windows_.size() > 1 ? "two windows" : "a window", format_bytes(windows_.bytes_of_one()),
             mine_.of);
  }

  /// **Collective** over the world. Returns true when every block is written, false when the ranks were asked
  /// to stop and what is done is written down. Throws `agreed_error` on all ranks if any rank failed.
  bool run(const stop_request& stop, const progress_callback& progress) {
    const std::size_t rounds = keeper_.rounds();
    const bool keeps_time = where_.world().rank() == 0;
    bool stopped = false;
    round_status status(where_.world());
    for (std::size_t round = 0; round < rounds && !stopped; ++round) {
      const auto begin = stop_request::clock::now();
      if (keeper_.block_of(domain_, round)) process(round);
      if (job_.write == write_mode::gather) gather(round);
      clock_.enter(phase::wait);
      // What is put now is known a round later.
      const auto until_heard = 2 * (stop_request::clock::now() - begin);
      status.put({.failures = failure_.failed(),
                  .stops = stop.is_asked(until_heard),
                  .checkpoints = keeps_time && keeper_.is_due(job_.checkpoint_interval),
                  .blocks_done = own_done_});
      const auto& [failures, stops, checkpoints, done] = status.previous();
      if (failures > 0) break;
      if (progress) progress(keeper_.done_before() + done, plan_.blocks.size());
      stopped = stops > 0 && round + 1 < rounds;
      if (stopped || checkpoints > 0) save_progress();
    }
    status.finish();
    clock_.enter(phase::sync);
    // A run that stops has made its checkpoint, and the marker of a run with files of nodes is to speak of
    // them. Packed chunks that are about to be stored in the output are synced there, not where they wait.
    const bool awaits_disk = job_.durable || job_.write == write_mode::per_node;
    failure_.attempt([&] {
      if (awaits_disk && !job_.packed) sink_->sync();
    });
    if (!stopped) keeper_.collect(own_done_, counts_, sink_->log_bytes());
    clock_.enter(phase::close);
    failure_.attempt([this] { sink_->close(); });
    measure_memory(counts_);
    failure_.rethrow_on_all(where_.world());
    log_info("done: read {}, wrote {}, {} samples clipped", format_bytes(counts_.bytes_read),
             format_bytes(counts_.bytes_written), counts_.clipped);
    if (progress && !stopped) progress(plan_.blocks.size(), plan_.blocks.size());
    return !stopped;
  }

 private:
  /// Makes what is done safe, and then writes down that it is. **Collective** over the world.
  void save_progress() {
    clock_.enter(phase::sync);
    failure_.attempt([this] { sink_->sync(); });
    if (where_.world().any_of(failure_.failed())) return;
    failure_.attempt([this] { keeper_.save(own_done_, counts_, sink_->log_bytes()); });
  }

  /// Lets all ranks of the domain see what the others wrote to the window, and learn whether any failed.
  bool meet() {
    clock_.enter(phase::wait);
    windows_.sync();
    const bool good = where_.domain().all_of(!failure_.failed());
    windows_.sync();
    return good;
  }

  /// Reads this rank's share of a round's block. Not collective.
  void read(std::size_t round, const block& where) {
    clock_.enter(phase::read);
    failure_.attempt([&] { counts_.bytes_read += reader_->read(windows_.view(round, where), to_read_); });
    blocks_read_ = round + 1;
  }

  /// Takes a round's block through its window, and reads the next one into the other. **Collective** over the
  /// domain.
  void process(std::size_t round) {
    const block where = *keeper_.block_of(domain_, round);
    const window_view<S> window = windows_.view(round, where);
    const window_view<S> out = windows_.view_of_result(round, where);
    const auto next = windows_.size() > 1 ? keeper_.block_of(domain_, round + 1) : std::nullopt;
    if (blocks_read_ <= round) read(round, where);
    if (!meet()) return;
    // Nobody takes any until all have met behind the filter.
    if (mine_.index == 0) {
      to_read_.renew();
      to_write_.renew();
    }

    clock_.enter(phase::filter);
    if (reference_) {
      failure_.attempt([&] {
        reference_->compute(window, positions_of(where.samples, job_.input.samples, plan_.reach), mine_);
      });
      if (!meet()) return;
      clock_.enter(phase::filter);
    }
    const row_split split(where.rows.size(), where.samples.size(), plan_.reach.grid, mine_.of);
    failure_.attempt([&] { worker_->prepare(window, split, mine_.index); });
    if (plan_.window.in_place() && split.cuts_rows() && !meet()) return;
    clock_.enter(phase::filter);
    failure_.attempt([&] {
      const fir::row_counts counts = worker_->run(
          window, plan_.window.in_place() ? window : windows_.from_first_result(out), split, mine_.index);
      counts_.clipped += counts.clipped;
      counts_.nonfinite += counts.nonfinite;
      if (job_.refuses_nonfinite && counts.nonfinite > 0)
        throw error(exit_code::bad_data, nonfinite_sentence);
    });
    if (!meet()) return;

    if (sink_->settles()) {
      clock_.enter(phase::filter);
      sink_->settle(out, mine_);
      if (!meet()) return;
    }
    // File systems let one process write to a file at a time, so half of the ranks begin by reading; not
    // where ranks bring their parts to one that waits for them. Who is done helps the others.
    const bool reads_first = mine_.index % 2 == 1 && job_.write != write_mode::leader;
    if (next && reads_first) read(round + 1, *next);
    clock_.enter(phase::write);
    sink_->write(out);
    if (next && !reads_first) read(round + 1, *next);
    log_debug("channels {}:{}, samples {}:{} are filtered; {} read and {} written by this rank so far",
              where.rows.begin, where.rows.end, where.samples.begin, where.samples.end,
              format_bytes(counts_.bytes_read), format_bytes(counts_.bytes_written));
    memory_.look_when_due();
    // In gather mode the leader is still to send the block: the others must not read the next one over it.
    // A next block has its own window, and the ranks meet before they use that.
    if (job_.write != write_mode::gather && !next && !meet()) return;
    if (mine_.index == 0) {
      ++own_done_;
      counts_.bytes_filtered += out.where().rows.size() * out.where().samples.size() * result_size_;
    }
  }

  /// Brings the round's blocks of all domains to rank 0. **Collective** over the world.
  void gather(std::size_t round) {
    clock_.enter(phase::write);
    std::optional<window_view<S>> own;
    if (const auto mine = keeper_.block_of(domain_, round))
      own.emplace(windows_.view_of_result(round, *mine));
    sink_->gather(own, [&](std::size_t domain) -> std::optional<block> {
      const auto theirs = keeper_.block_of(domain, round);
      return theirs ? std::optional(windows_.result_of(*theirs)) : std::nullopt;
    });
    meet();
  }

  const topology& where_;
  const filter_job& job_;
  const run_plan& plan_;
  progress_keeper& keeper_;
  rank_counts& counts_;
  memory_meter memory_{counts_};
  phase_clock& clock_;
  std::size_t domain_;
  share mine_;
  std::uint64_t own_done_ = 0;
  shared_failure failure_;
  block_windows<S> windows_;
  work_shares to_read_;
  work_shares to_write_;
  std::size_t blocks_read_ = 0;
  std::optional<prepared_rows> rows_;
  std::optional<block_reference> reference_;
  std::size_t result_size_ = 0;
  std::unique_ptr<block_worker<S>> worker_;
  std::optional<window_reader<S>> reader_;
  std::unique_ptr<output_sink<S>> sink_;
};

}  // namespace weir::pipeline
