#pragma once

#include <optional>

#include <weir/byte_size.hpp>
#include <weir/log.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/pipeline/stop_request.hpp>

#include "domain_work.hpp"
#include "measure_memory.hpp"
#include "phase_clock.hpp"
#include "progress_keeper.hpp"
#include "round_status.hpp"
#include "shared_failure.hpp"

namespace weir::pipeline {

/// One job on one rank, with samples of type `S` in the window. Every rank of the world makes one and calls
/// run(). Each domain has a block a round; between rounds the ranks agree whether to go on, and now and then
/// write down what is done.
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
        work_(where, job, plan, part, std::move(lines), keeper, failure_, counts, clock) {}

  /// **Collective** over the world. Returns true when every block is written, false when the ranks were asked
  /// to stop and what is done is written down. Throws `agreed_error` on all ranks if any rank failed.
  bool run(const stop_request& stop, const progress_callback& progress) {
    const std::size_t rounds = keeper_.rounds();
    const bool keeps_time = where_.world().rank() == 0;
    bool stopped = false;
    round_status status(where_.world());
    for (std::size_t round = 0; round < rounds && !stopped; ++round) {
      const auto begin = stop_request::clock::now();
      process(round);
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
    // To store what is packed takes a while, and cannot be stopped: whoever asks by now has that done by the
    // next run, to which nothing else is left.
    if (!stopped && rounds > 0 && job_.packed && stops_before_storing(stop)) {
      save_progress();
      stopped = true;
    }
    // A run that stops has made its checkpoint, and the marker of a run with files of nodes is to speak of
    // them. Packed chunks that are about to be stored in the output are synced there, not where they wait.
    const bool awaits_disk = job_.durable || job_.write == write_mode::per_node;
    failure_.attempt([&] {
      if (awaits_disk && !job_.packed) work_.output().sync();
    });
    if (!stopped) keeper_.collect(own_done_, counts_, work_.output().log_bytes());
    clock_.enter(phase::close);
    failure_.attempt([this] { work_.output().close(); });
    measure_memory(counts_);
    failure_.rethrow_on_all(where_.world());
    log_info("done: read {}, wrote {}, {} samples clipped", format_bytes(counts_.bytes_read),
             format_bytes(counts_.bytes_written), counts_.clipped);
    if (progress && !stopped) progress(plan_.blocks.size(), plan_.blocks.size());
    return !stopped;
  }

 private:
  /// **Collective** over the world.
  bool stops_before_storing(const stop_request& stop) {
    return !where_.world().any_of(failure_.failed()) && where_.world().any_of(stop.is_asked({}));
  }

  /// Makes what is done safe, and then writes down that it is. **Collective** over the world.
  void save_progress() {
    clock_.enter(phase::sync);
    failure_.attempt([this] { work_.output().sync(); });
    if (where_.world().any_of(failure_.failed())) return;
    failure_.attempt([this] { keeper_.save(own_done_, counts_, work_.output().log_bytes()); });
  }

  /// **Collective** over the world.
  void process(std::size_t round) {
    if (keeper_.block_of(domain_, round) && work_.process(round) && where_.is_domain_leader()) ++own_done_;
    if (job_.write == write_mode::gather) work_.gather(round);
    memory_.look_when_due();
  }

  const topology& where_;
  const filter_job& job_;
  const run_plan& plan_;
  progress_keeper& keeper_;
  rank_counts& counts_;
  memory_meter memory_{counts_};
  phase_clock& clock_;
  std::size_t domain_;
  std::uint64_t own_done_ = 0;
  shared_failure failure_;
  domain_work<S> work_;
};

}  // namespace weir::pipeline
