#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/node_file.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/begun_output.hpp>

#include "job_identity.hpp"

namespace weir::pipeline {
namespace {

std::uint64_t file_bytes(const std::string& path) {
  std::error_code fault;
  const std::uintmax_t bytes = std::filesystem::file_size(path, fault);
  return fault ? 0 : bytes;
}

/// Whether the output stands under its final name, made by a run of this identity.
bool is_made_by(const filter_job& job, const nlohmann::json& identity) {
  const auto made = io::provenance_text(job.output, "identity");
  return made && *made == identity_text(identity);
}

[[noreturn]] void refuse(exit_code code, const filter_job& job, const std::string& what) {
  throw error(
      code, fmt::format("'{}' cannot be resumed: {}; make it the same again, or begin anew with --overwrite "
                        "and without --resume",
                        io::part_path(job.output), what));
}

[[noreturn]] void refuse_file(const filter_job& job, const std::string& path, const std::string& which_holds,
                              std::uint64_t expected_bytes) {
  refuse(exit_code::bad_data, job,
         std::filesystem::exists(path) ? fmt::format("'{}', {}, has {} bytes in place of {}", path,
                                                     which_holds, file_bytes(path), expected_bytes)
                                       : fmt::format("'{}', {}, is gone", path, which_holds));
}

/// Packed chunks wait in logs until all are there: one that is missing would be found when all else is done.
void require_logs(const filter_job& job, const std::string& final_path,
                  const std::vector<io::log_file>& logs) {
  for (const io::log_file& log : logs) {
    const std::string path = io::log_path(final_path, log);
    // What follows the bytes that were safe does not count.
    if (file_bytes(path) < log.bytes) {
      refuse_file(job, path, "in which packed chunks of it wait", log.bytes);
    }
  }
}

/// Throws where files beside OUT.part that a checkpoint speaks of are not there, or not whole.
void require_files(const filter_job& job, const checkpoint& state) {
  require_logs(job, job.output, state.logs);
  for (const node_output& node : state.nodes) {
    if (done_in(node, state).ranges().empty()) continue;
    const std::string final_path = io::node_path(job.output, node.number);
    if (!node.is_stored) require_logs(job, final_path, node.logs);
    // What is stored may have its final name already; what chunks are to be stored in is made anew.
    const bool is_there = node.is_stored
                              ? std::filesystem::exists(node.part.path) || std::filesystem::exists(final_path)
                              : state.is_assembling || file_bytes(node.part.path) == node.part.file_bytes;
    if (!is_there) refuse_file(job, node.part.path, "which holds a part of it", node.part.file_bytes);
  }
}

}  // namespace

begun_output find_begun_output(const filter_job& job) {
  const auto marker = io::load_marker(io::marker_path(job.output));
  if (!marker) {
    return {.is_complete = is_made_by(job, identity_of(job))};
  }
  checkpoint state;
  try {
    state = checkpoint_from(*marker);
  } catch (const error& fault) {
    refuse(exit_code::bad_data, job, fmt::format("its progress marker is not understood ({})", fault.what()));
  }
  const nlohmann::json now = identity_of(job);
  if (state.identity.value("input", nlohmann::json()) != now.at("input")) {
    refuse(exit_code::bad_data, job,
           fmt::format("the input is another: {}", difference(state.identity, now)));
  }
  if (const std::string what = difference(state.identity, now); !what.empty())
    refuse(exit_code::usage, job, what);

  const std::string part = io::part_path(job.output);
  // Names may hold bytes that the marker's text does not.
  state.part.path = part;
  state.part.dataset = job.input.dataset;
  for (node_output& node : state.nodes) {
    node.part.path = io::part_path(io::node_path(job.output, node.number));
  }
  if (state.is_assembling && (std::filesystem::exists(part) || !is_made_by(job, now))) {
    require_files(job, state);
    return {.state = std::move(state)};
  }
  if (!std::filesystem::exists(part)) {
    if (is_made_by(job, now)) return {.is_complete = true};
    refuse(exit_code::bad_data, job, "it is gone, and only its progress marker is there");
  }
  if (file_bytes(part) != state.part.file_bytes) {
    refuse(exit_code::bad_data, job,
           fmt::format("it has {} bytes in place of {}", file_bytes(part), state.part.file_bytes));
  }
  require_files(job, state);
  return {.state = std::move(state)};
}

}  // namespace weir::pipeline
