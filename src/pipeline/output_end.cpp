#include "output_end.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/chunk_log.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/io/source_files.hpp>
#include <weir/mpi/first_rank.hpp>

#include "node_files.hpp"
#include "nonfinite_search.hpp"
#include "output_begin.hpp"

namespace weir::pipeline {
namespace {

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

}  // namespace

agreed_error with_remains(const communicator& world, const agreed_error& fault, const filter_job& job,
                          const checkpoint& state) {
  const std::string remains =
      world.broadcast(world.rank() == 0 ? discard_unless_begun(job, state) : std::string(), 0);
  return {fault.code(), fault.what() + remains, world.rank(), world.size(), fault.names_place()};
}

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

void tidy_up(const topology& where, const filter_job& job) {
  from_first_rank(where.world(), [&] {
    for (const std::string& node : io::node_files_of(job.output)) io::remove_logs(node);
    io::remove_logs(job.output);
    io::remove_marker(io::marker_path(job.output));
    return std::string();
  });
}

}  // namespace weir::pipeline
