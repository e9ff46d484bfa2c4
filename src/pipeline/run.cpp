#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <weir/io/progress_marker.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>

#include "filter_run.hpp"
#include "output_begin.hpp"
#include "output_end.hpp"
#include "process_io.hpp"
#include "store_chunks.hpp"
#include "trend_pass.hpp"

namespace weir::pipeline {
namespace {

/// Learns the rows' trends where the job takes any off, and writes them down: a run that goes on with this
/// output need not read the recording twice. False if the ranks were asked to stop before that.
/// **Collective** over the world. Throws `agreed_error`.
bool know_trends(const topology& where, const filter_job& job, const run_plan& plan, const stop_request& stop,
                 checkpoint& state, rank_counts& counts, phase_clock& clock) {
  if (!job.prepare.reads_twice() || !state.trends.empty()) return true;
  auto trends = measure_trends(where, job, plan, stop, counts, clock);
  if (!trends) return false;
  state.trends = std::move(*trends);
  clock.enter(phase::sync);
  from_first_rank(where.world(), [&] {
    io::save_marker(io::marker_path(job.output), state);
    return std::string();
  });
  return true;
}

/// Stops the clock; what all ranks did. **Collective** over the world.
run_report end_of(const topology& where, const rank_counts& counts, std::optional<phase_clock>& clock) {
  clock.reset();
  const auto end = phase_clock::clock::now();
  run_report report = summarise(where, counts);
  report.end = end;
  return report;
}

}  // namespace

run_report run(const topology& where, const filter_job& job, const run_plan& plan, const stop_request& stop,
               const start_up& start, const progress_callback& progress) {
  rank_counts counts;
  std::optional<phase_clock> clock(std::in_place, counts, start);
  if (plan.begun.is_complete) {
    tidy_up(where, job);
    return end_of(where, counts, clock);
  }
  clock->enter(phase::open);
  // When the plan was made: what was taken since then serves the job.
  counts.bytes_before = plan.memory.rank_base;
  const std::optional<process_io> moved_before = io_of_this_process();
  checkpoint state = open_output(where, job, plan);
  std::optional<progress_keeper> keeper;
  bool has_trends = false;
  bool is_complete = false;
  try {
    has_trends = know_trends(where, job, plan, stop, state, counts, *clock);
    keeper.emplace(where.world(), state, io::marker_path(job.output),
                   static_cast<std::size_t>(where.domains()), static_cast<std::size_t>(where.domain_index()));
    if (has_trends) {
      visit_sample_type(plan.window_type, [&]<sample S>(S) {
        filter_run<S> ranks_run(where, job, plan, state.part,
                                lines_of(job.prepare, plan.blocks.rows(), state.trends), *keeper, counts,
                                *clock);
        is_complete = ranks_run.run(stop, progress);
      });
    }
    if (is_complete && job.packed) {
      clock->enter(phase::close);
      store_chunks(where, job, keeper->collected(), keeper->saved(), counts);
    }
  } catch (const agreed_error& fault) {
    // What only some ranks agreed on ends the job where it is caught; the others may be waiting elsewhere.
    if (fault.ranks() != where.world().size()) throw;
    if (job.refuses_nonfinite && std::string_view(fault.what()).starts_with(nonfinite_sentence)) {
      throw refused(where, job, plan, state, fault);
    }
    throw with_remains(where.world(), fault, job, state);
  }
  clock->enter(phase::close);
  // From here on the part holds all, and is worth keeping: what may still fail is to give it its final name.
  if (is_complete) finish(where, job, plan, state, keeper->collected(), counts);
  if (const auto moved = io_of_this_process(); moved && moved_before) {
    counts.has_kernel_counts = 1;
    counts.kernel_read = moved->read - moved_before->read;
    counts.kernel_written = moved->written - moved_before->written;
  }
  run_report report = end_of(where, counts, clock);
  report.is_complete = is_complete;
  report.has_trends = has_trends;
  report.clipped += state.clipped;
  report.nonfinite += state.nonfinite;
  return report;
}

}  // namespace weir::pipeline
