#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/shm/work_shares.hpp>

#include "block_reference.hpp"
#include "block_windows.hpp"
#include "block_worker.hpp"
#include "make_sink.hpp"
#include "phase_clock.hpp"
#include "progress_keeper.hpp"
#include "shared_failure.hpp"
#include "window_reader.hpp"

namespace weir::pipeline {

/// What a rank says that meets a sample which the job refuses; run() finds out which is the first.
inline constexpr const char* nonfinite_sentence = "the recording has samples that are NaN or infinite";

/// What the ranks of a domain do to its blocks: read them into the window, filter, and write. Where there are
/// two windows, the next block is read and filtered in one while this one is written out of the other.
template <sample S>
class domain_work {
 public:
  /// **Collective** over the world, on which it throws what any rank met. Keeps what it is given, but for
  /// `lines`.
  domain_work(const topology& where, const filter_job& job, const run_plan& plan, const io::recording& part,
              std::vector<steps::row_line> lines, const progress_keeper& keeper, shared_failure& failure,
              rank_counts& counts, phase_clock& clock)
      : where_(where),
        job_(job),
        plan_(plan),
        keeper_(keeper),
        failure_(failure),
        counts_(counts),
        clock_(clock),
        domain_(static_cast<std::size_t>(where.domain_index())),
        mine_{static_cast<std::size_t>(where.domain().rank()),
              static_cast<std::size_t>(where.domain().size())},
        windows_(where, plan, job.input.samples, job.selected_samples()),
        to_read_(agree(where.world(), [&] { return work_shares(where.domain()); })),
        to_filter_(agree(where.world(), [&] { return work_shares(where.domain()); })),
        to_write_(agree(where.world(), [&] { return work_shares(where.domain()); })) {
    if (!job.prepare.is_none()) rows_.emplace(std::move(lines), job.input.samples, job.selected_samples());
    if (job.prepare.needs_all_rows()) {
      reference_.emplace(where, job.prepare.reference, plan.window.input, *rows_);
    }
    failure_.attempt([&] {
      worker_ = make_block_worker<S>(job_.operation, {.ends = job_.boundary,
                                                      .length = job_.input.samples,
                                                      .reach = plan_.reach,
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

  /// Takes a round's block through its window. False if it is known that a rank of the domain failed.
  /// **Collective** over the domain.
  bool process(std::size_t round) {
    const block where = *keeper_.block_of(domain_, round);
    if (blocks_read_ <= round) read(round, where);
    const bool is_read = meet();
    for (work_shares* const shares : {&to_read_, &to_filter_, &to_write_}) shares->renew();
    if (!is_read) return false;
    if (blocks_filtered_ <= round && !filter_together(round, where)) return false;
    add(std::exchange(ahead_, {}));

    const auto next = windows_.size() > 1 ? keeper_.block_of(domain_, round + 1) : std::nullopt;
    // File systems let one process write to a file at a time, so half of the ranks begin with the next block;
    // not where ranks bring their parts to one that waits for them. Who is done helps the others.
    const bool writes_first = mine_.index % 2 == 0 || job_.write == write_mode::leader;
    const window_view<S> out = windows_.view_of_result(round, where);
    if (writes_first) write(out);
    if (next) read(round + 1, *next);
    if (next && can_filter_apart(*next)) filter_apart(round + 1, *next);
    if (!writes_first) write(out);
    log_debug("channels {}:{}, samples {}:{} are filtered; {} read and {} written by this rank so far",
              where.rows.begin, where.rows.end, where.samples.begin, where.samples.end,
              format_bytes(counts_.bytes_read), format_bytes(counts_.bytes_written));
    // In gather mode the leader is still to send the block: the others must not read the next one over it.
    // A next block has its own window, and the ranks meet before they use that.
    if (job_.write != write_mode::gather && !next && !meet()) return false;
    if (mine_.index == 0) {
      counts_.bytes_filtered += out.where().rows.size() * out.where().samples.size() * result_size_;
    }
    return true;
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

  output_sink<S>& output() { return *sink_; }

 private:
  /// Lets all ranks of the domain see what the others wrote to the window, and learn whether any failed.
  bool meet() {
    clock_.enter(phase::wait);
    windows_.sync();
    const bool good = where_.domain().all_of(!failure_.failed());
    windows_.sync();
    return good;
  }

  void add(const fir::row_counts& found) {
    counts_.clipped += found.clipped;
    counts_.nonfinite += found.nonfinite;
  }

  /// Reads what this rank takes of a round's block. Not collective.
  void read(std::size_t round, const block& where) {
    clock_.enter(phase::read);
    failure_.attempt([&] { counts_.bytes_read += reader_->read(windows_.view(round, where), to_read_); });
    if (failure_.failed()) to_read_.give_up();
    blocks_read_ = round + 1;
  }

  /// Not collective, but for sinks that say so.
  void write(const window_view<S>& out) {
    clock_.enter(phase::write);
    sink_->write(out);
  }

  window_view<S> results_of(std::size_t round, const block& where) {
    if (plan_.window.in_place()) return windows_.view(round, where);
    return windows_.from_first_result(windows_.view_of_result(round, where));
  }

  /// What the worker finds in the rows of a part.
  fir::row_counts filter_part(std::size_t round, const block& where, const row_split& split,
                              std::size_t part) {
    const fir::row_counts found =
        worker_->run(windows_.view(round, where), results_of(round, where),
                     intersection(where.samples, job_.selected_samples()), split, part);
    if (job_.refuses_nonfinite && found.nonfinite > 0) throw error(exit_code::bad_data, nonfinite_sentence);
    return found;
  }

  /// Filters a round's block when all of it is read, each rank as much of it. **Collective** over the domain.
  bool filter_together(std::size_t round, const block& where) {
    const window_view<S> window = windows_.view(round, where);
    clock_.enter(phase::filter);
    if (reference_) {
      failure_.attempt([&] {
        reference_->compute(window, positions_of(window.where().samples, job_.input.samples, plan_.reach),
                            mine_);
      });
      if (!meet()) return false;
      clock_.enter(phase::filter);
    }
    const row_split split(where.rows.size(), window.where().samples.size(), plan_.reach.grid, mine_.of);
    failure_.attempt([&] { worker_->prepare(window, split, mine_.index); });
    if (plan_.window.in_place() && split.cuts_rows() && !meet()) return false;
    clock_.enter(phase::filter);
    failure_.attempt([&] { add(filter_part(round, where, split, mine_.index)); });
    if (!meet()) return false;
    if (!sink_->settles()) return true;
    clock_.enter(phase::filter);
    sink_->settle(windows_.view_of_result(round, where), mine_);
    return meet();
  }

  /// Whether each row can be filtered by itself, and the ranks have enough of them to be done at one time.
  bool can_filter_apart(const block& where) const {
    return !reference_ && where.rows.size() >= rows_to_share(mine_.of);
  }

  /// Filters the rows that this rank takes of a round's block, as soon as all of it is read. What is found in
  /// them counts when the block is written. Not collective.
  void filter_apart(std::size_t round, const block& where) {
    blocks_filtered_ = round + 1;
    clock_.enter(phase::wait);
    if (failure_.failed() || !to_read_.await_others()) return;
    windows_.sync();
    clock_.enter(phase::filter);
    const std::size_t rows = where.rows.size();
    const window_view<S> window = windows_.view(round, where);
    const row_split split(rows, window.where().samples.size(), plan_.reach.grid, rows);
    failure_.attempt([&] {
      while (const auto row = to_filter_.take(rows)) {
        worker_->prepare(window, split, *row);
        ahead_ += filter_part(round, where, split, *row);
        if (sink_->settles()) sink_->settle(windows_.view_of_result(round, where), {*row, rows});
      }
    });
  }

  const topology& where_;
  const filter_job& job_;
  const run_plan& plan_;
  const progress_keeper& keeper_;
  shared_failure& failure_;
  rank_counts& counts_;
  phase_clock& clock_;
  std::size_t domain_;
  share mine_;
  block_windows<S> windows_;
  work_shares to_read_;
  work_shares to_filter_;
  work_shares to_write_;
  std::size_t blocks_read_ = 0;
  std::size_t blocks_filtered_ = 0;
  fir::row_counts ahead_;  ///< of the block that is filtered and not yet written
  std::optional<prepared_rows> rows_;
  std::optional<block_reference> reference_;
  std::size_t result_size_ = 0;
  std::unique_ptr<block_worker<S>> worker_;
  std::optional<window_reader<S>> reader_;
  std::unique_ptr<output_sink<S>> sink_;
};

}  // namespace weir::pipeline
