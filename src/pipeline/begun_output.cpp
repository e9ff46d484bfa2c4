#include <cstdint>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
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
  for (const node_output& node : state.nodes) {
    if (!done_in(node, state).ranges().empty() && file_bytes(node.part.path) != node.part.file_bytes) {
      refuse(exit_code::bad_data, job,
             fmt::format("'{}', which holds a part of it, has {} bytes in place of {}", node.part.path,
                         file_bytes(node.part.path), node.part.file_bytes));
    }
  }
  return {.state = std::move(state)};
}

}  // namespace weir::pipeline
