#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/chunk_log.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/io/source_files.hpp>
#include <weir/log.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/version.hpp>

#include "filter_run.hpp"
#include "node_files.hpp"
#include "nonfinite_search.hpp"
#include "process_io.hpp"
#include "store_chunks.hpp"
#include "trend_pass.hpp"

namespace weir::pipeline {
namespace {

nlohmann::json provenance(const filter_job& job, const run_plan& plan, const nlohmann::json& identity) {
  return {{"weir_version", version},
          {"identity", identity_text(identity)},
          {"mpi_version", environment::library_version()},
          {"filter", job.filtering},
          {"engine", plan.engine},
          {"options", io::json_text(job.options)}};
}

/// One more than the largest number of a file of a node.
std::uint64_t nodes_end(const checkpoint& state) {
  std::uint64_t end = 0;
  for (const node_output& node : state.nodes) end = std::max(end, node.number + 1);
  return end;
}

io::created_output create_part(const filter_job& job, const run_plan& plan, const checkpoint& state) {
  nlohmann::json made_how = provenance(job, plan, state.identity);
  if (!state.nodes.empty()) made_how[io::node_count_attribute] = std::to_string(nodes_end(state));
  return io::create_output(job.input, job.output,
                           {.overwrite = job.overwrite,
                            .replace_part = job.overwrite || job.resume || state.is_assembling,
                            .history = job.history,
                            .provenance = std::move(made_how),
                            .from_source = job.result,
                            .packed = job.packed,
                            .joined = joined_of(job, state),
                            .taps = taps_of(job.operation),
                            .filtering = job.filtering});
}

/// Creates OUT.part, the files beside it that it joins if it does, and its marker. An older marker goes
/// first: it must never speak for a new file.
checkpoint begin(const filter_job& job, const run_plan& plan, std::size_t domains,
                 std::vector<std::string>& warnings) {
  const std::string marker = io::marker_path(job.output);
  checkpoint state{.identity = identity_of(job),
                   .part = job.output_recording(),
                   .span = plan.span,
                   .block_rows = plan.blocks.block_rows(),
                   .block_samples = plan.blocks.block_samples(),
                   .split = plan.blocks.split()};
  if (job.write == write_mode::per_node) lay_out_nodes(job, state, domains);
  if (job.overwrite || job.resume) io::remove_marker(marker);
  const io::created_output made = create_part(job, plan, state);
  io::remove_logs(job.output);
  warnings = made.warnings;
  state.part = made.part;
  try {
    create_nodes(job, state);
    io::save_marker(marker, state);
  } catch (...) {
    discard_nodes(job, state);
    io::discard_output(made.part);
    throw;
  }
  return state;
}

/// Makes ready what an interrupted run left: anew what it was putting together, and files for the blocks that
/// are left where nodes have their own.
checkpoint go_on(const filter_job& job, const run_plan& plan, std::size_t domains) {
  checkpoint state = *plan.begun.state;
  if (!state.is_assembling && job.write != write_mode::per_node) return state;
  if (state.is_assembling) {
    state.part = create_part(job, plan, state).part;
    create_packed_nodes_again(job, state);
    state.is_assembling = false;
  }
  if (job.write == write_mode::per_node) {
    lay_out_nodes(job, state, domains);
    create_nodes(job, state);
  }
  io::save_marker(io::marker_path(job.output), state);
  return state;
}

/// What the job's progress is at its beginning: rank 0 creates OUT.part, or it is there. **Collective** over
/// the world.
checkpoint open_output(const topology& where, const filter_job& job, const run_plan& plan) {
  const auto domains = static_cast<std::size_t>(where.domains());
  if (plan.begun.state) {
    return io::unpack(from_first_rank(where.world(), [&] { return io::pack(go_on(job, plan, domains)); }))
        .get<checkpoint>();
  }
  const auto begun = io::unpack(from_first_rank(where.world(), [&] {
    std::vector<std::string> warnings;
    const checkpoint state = begin(job, plan, domains, warnings);
    return io::pack({{"state", state}, {"warnings", warnings}});
  }));
  for (const auto& sentence : begun.at("warnings")) warn(where.world(), sentence.get<std::string>());
  return begun.at("state").get<checkpoint>();
}

/// Removes an output in which nothing is safe yet; what a marker speaks for stays, to be resumed. Returns how
/// to go on from there, or nothing.
std::string discard_unless_begun(const filter_job& job, const checkpoint& state) noexcept {
  try {
    const std::string marker = io::marker_path(job.output);
    const auto saved = io::load_marker(marker);
    const std::size_t safe = saved ? saved->get<checkpoint>().done.size() : 0;
    if (safe > 0 && std::filesystem::exists(state.part.path)) {
      return fmt::format("; {} of {} blocks are safe in '{}', and the same command with --resume goes on",
                         safe, state.blocks().size(), state.part.path);
    }
    io::remove_marker(marker);
    io::discard_output(state.part);
    io::remove_logs(job.output);
    discard_nodes(job, state);
  } catch (...) {
    // A marker that cannot be read is for the user to look at.
  }
  return {};
}

/// The error of a run that made a part of its output, with what became of that. **Collective** over the
/// world.
agreed_error with_remains(const communicator& world, const agreed_error& fault, const filter_job& job,
                          const checkpoint& state) {
  const std::string remains =
      world.broadcast(world.rank() == 0 ? discard_unless_begun(job, state) : std::string(), 0);
  return {fault.code(), fault.what() + remains, world.rank(), world.size(), fault.names_place()};
}

/// The error of a run that met a sample which the job refuses: nothing of its output is left. **Collective**
/// over the world.
agreed_error refused(const topology& where, const filter_job& job, const run_plan& plan,
                     const checkpoint& state, const agreed_error& fault) {
  const std::optional<std::string> first = first_nonfinite(where, job, plan.reach);
  from_first_rank(where.world(), [&] {
    io::remove_marker(io::marker_path(job.output));
    io::discard_output(state.part);
    io::remove_logs(job.output);
    discard_nodes(job, state);
    return std::string();
  });
  return {exit_code::bad_data, first.value_or(fault.what()), where.world().rank(), where.world().size()};
}

/// Gives the files of nodes their final names, and makes OUT.part anew of what they hold now. An older output
/// that is joined of files of the same names goes first: it must never show the new ones' samples. Returns
/// OUT.part.
io::recording join_nodes(const filter_job& job, const run_plan& plan, checkpoint state) {
  state.is_assembling = true;
  for (node_output& node : state.nodes) {
    io::sync_node_part(job.output, node.number);
    node.is_stored = true;
  }
  io::save_marker(io::marker_path(job.output), state);
  const io::recording part = create_part(job, plan, state).part;
  if (!io::node_files_of(job.output).empty()) io::remove_output(job.output);
  finish_nodes(job, state);
  return part;
}

/// Gives the output its final name. `state`: at the run's beginning; `all`: what is done, on rank 0.
/// **Collective** over the world.
void finish(const topology& where, const filter_job& job, const run_plan& plan, const checkpoint& state,
            const checkpoint& all, const rank_counts& counts) {
  const communicator& world = where.world();
  const nlohmann::json results{
      {"clipped_samples", state.clipped + world.all_reduce(counts.clipped, reduction::sum)},
      {"nonfinite_samples", state.nonfinite + world.all_reduce(counts.nonfinite, reduction::sum)}};
  from_first_rank(world, [&] {
    const std::vector<std::string> replaced = io::node_files_of(job.output);
    const io::recording part = state.nodes.empty() ? state.part : join_nodes(job, plan, all);
    io::finish_output(part, job.output, results, job.overwrite, job.durable);
    for (std::size_t number = nodes_end(state); number < replaced.size(); ++number) {
      if (!io::is_part_of(job.input, replaced[number])) io::remove_output(replaced[number]);
    }
    io::remove_logs(job.output);
    remove_node_logs(job, state);
    io::remove_marker(io::marker_path(job.output));
    return std::string();
  });
}

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

run_report run(const topology& where, const filter_job& job, const run_plan& plan, const start_up& start,
               const progress_callback& progress) {
  rank_counts counts;
  std::optional<phase_clock> clock(std::in_place, counts, start);
  if (plan.begun.is_complete) {
    from_first_rank(where.world(), [&] {
      for (const std::string& node : io::node_files_of(job.output)) io::remove_logs(node);
      io::remove_logs(job.output);
      io::remove_marker(io::marker_path(job.output));
      return std::string();
    });
    return end_of(where, counts, clock);
  }
  clock->enter(phase::open);
  measure_memory_before(counts);
  const std::optional<process_io> moved_before = io_of_this_process();
  const stop_request stop(stop_request::clock::now(), job.max_time);
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
  } catch (const agreed_error& fault) {
    // What only some ranks agreed on ends the job where it is caught; the others may be waiting elsewhere.
    if (fault.ranks() != where.world().size()) throw;
    if (job.refuses_nonfinite && std::string_view(fault.what()).starts_with(nonfinite_sentence)) {
      throw refused(where, job, plan, state, fault);
    }
    throw with_remains(where.world(), fault, job, state);
  }
  clock->enter(phase::close);
  // From here on the part is worth keeping: what may still fail is to give it its final name.
  if (is_complete && job.packed) store_chunks(where, job, keeper->collected(), keeper->saved(), counts);
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
