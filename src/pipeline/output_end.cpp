#include "output_end.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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
/// to go on from there by `options`, or nothing.
std::string discard_unless_begun(const filter_job& job, const checkpoint& state,
                                 const std::string& options) noexcept {
  try {
    const std::string marker = io::marker_path(job.output);
    const auto saved = io::load_marker(marker);
    const std::size_t safe = saved ? saved->get<checkpoint>().done.size() : 0;
    if (safe > 0 && std::filesystem::exists(state.part.path)) {
      return fmt::format("; {} of {} blocks are safe in '{}', and the same command with {} goes on", safe,
                         state.blocks().size(), state.part.path, options);
    }
    io::remove_marker(marker);
    io::discard_output(state.part);
    if (job.packed) io::remove_logs(job.output);
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

/// Removes the files that an output joined which was replaced, but for those of the new one and of the input.
void remove_replaced(const filter_job& job, const checkpoint& state,
                     const std::vector<std::string>& replaced) {
  if (replaced.empty()) return;
  const io::file_set read(io::sample_files(job.input));
  std::set<std::string> made;
  for (const node_output& node : state.nodes) made.insert(io::node_path(job.output, node.number));
  for (const std::string& file : replaced) {
    if (!made.contains(file) && !read.has(file)) io::remove_output(file);
  }
}

}  // namespace

agreed_error with_remains(const communicator& world, const agreed_error& fault, const filter_job& job,
                          const checkpoint& state, const std::string& options) {
  const std::string remains =
      world.broadcast(world.rank() == 0 ? discard_unless_begun(job, state, options) : std::string(), 0);
  return {fault.code(), fault.what() + remains, world.rank(), world.size(), fault.names_place()};
}

agreed_error refused(const topology& where, const filter_job& job, const run_plan& plan,
                     const checkpoint& state, const agreed_error& fault) {
  const communicator& world = where.world();
  const std::optional<std::string> first = first_nonfinite(where, job, plan.reach);
  // What is safe has the bits of a run that lets such samples pass: that option is no part of its identity.
  return with_remains(world, {exit_code::bad_data, first.value_or(fault.what()), world.rank(), world.size()},
                      job, state, "--nan propagate and --resume");
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
    remove_replaced(job, state, replaced);
    // The folder, which may be large, is not listed for nothing.
    if (job.packed) {
      io::remove_logs(job.output);
      remove_node_logs(job, state);
    }
    io::remove_marker(io::marker_path(job.output));
    return std::string();
  });
}

void tidy_up(const topology& where, const filter_job& job) {
  from_first_rank(where.world(), [&] {
    const std::string marker = io::marker_path(job.output);
    // It goes last.
    if (!std::filesystem::exists(marker)) return std::string();
    for (const std::string& node : io::node_files_of(job.output)) io::remove_logs(node);
    io::remove_logs(job.output);
    io::remove_marker(marker);
    return std::string();
  });
}

}  // namespace weir::pipeline
