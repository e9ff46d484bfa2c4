#include "output_begin.hpp"

#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/io/chunk_log.hpp>
#include <weir/io/files.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/io/source_files.hpp>
#include <weir/log.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/version.hpp>

#include "job_identity.hpp"
#include "node_files.hpp"

namespace weir::pipeline {
namespace {

nlohmann::json provenance(const filter_job& job, const run_plan& plan, const nlohmann::json& identity) {
  return {{"weir_version", version},
          {"identity", identity_text(identity)},
          {"mpi_version", environment::library_version()},
          {"filter", job.filtering.empty() ? "none" : job.filtering},
          {"engine", plan.engine},
          {"options", io::json_text(job.options)}};
}

bool exists(const std::string& path) {
  std::error_code fault;
  return std::filesystem::exists(std::filesystem::symlink_status(path, fault));
}

/// What the marker says of an earlier run that is not gone on with.
checkpoint left_behind(const filter_job& job) {
  try {
    if (const auto marker = io::load_marker(io::marker_path(job.output))) return marker->get<checkpoint>();
  } catch (const std::exception&) {
    // A marker that is damaged tells of no files.
  }
  return {};
}

/// Removes an earlier run's files beside OUT.part, but for those that the input lies in.
void remove_left_behind(const filter_job& job, const checkpoint& before) {
  io::remove_logs(job.output);
  if (before.nodes.empty()) return;
  const io::file_set read(io::sample_files(job.input));
  for (const node_output& node : before.nodes) {
    if (!read.has(io::part_path(io::node_path(job.output, node.number)))) {
      io::discard_node_part(job.output, node.number);
    }
  }
  remove_node_logs(job, before);
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
  // All else lies beside a part or a marker: where neither is, the folder, which may be large, is not listed.
  const bool has_remains = exists(marker) || exists(io::part_path(job.output));
  const bool may_replace = job.overwrite || job.resume;
  const checkpoint before = may_replace ? left_behind(job) : checkpoint{};
  if (may_replace) io::remove_marker(marker);
  if (may_replace && has_remains) remove_left_behind(job, before);
  const io::created_output made = create_part(job, plan, state);
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

}  // namespace

io::created_output create_part(const filter_job& job, const run_plan& plan, const checkpoint& state) {
  nlohmann::json made_how = provenance(job, plan, state.identity);
  if (!state.nodes.empty()) made_how[io::node_count_attribute] = std::to_string(nodes_end(state));
  io::recording source = job.input;
  io::derivation from_source = job.result;
  if (job.of_file) {
    // Its samples are filtered with their neighbours in the other files; all else is its own.
    source = io::file_descriptions(job.input)[*job.of_file];
    source.store = job.input.store;
    from_source.samples.reset();
  }
  return io::create_output(source, job.output,
                           {.overwrite = job.overwrite,
                            .replace_part = job.overwrite || job.resume || state.is_assembling,
                            .history = job.history,
                            .provenance = std::move(made_how),
                            .from_source = std::move(from_source),
                            .packed = job.packed,
                            .joined = joined_of(job, state),
                            .taps = taps_of(job.operation),
                            .filtering = job.filtering});
}

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

}  // namespace weir::pipeline
