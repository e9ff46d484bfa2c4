#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/version.hpp>

namespace weir::pipeline {
namespace {

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

std::uint64_t file_bytes(const std::string& path) {
  std::error_code fault;
  const std::uintmax_t bytes = std::filesystem::file_size(path, fault);
  return fault ? 0 : bytes;
}

[[noreturn]] void refuse(exit_code code, const filter_job& job, const std::string& what) {
  throw error(
      code, fmt::format("'{}' cannot be resumed: {}; make it the same again, or begin anew with --overwrite "
                        "and without --resume",
                        io::part_path(job.output), what));
}

}  // namespace

void to_json(nlohmann::json& json, const checkpoint& state) {
  nlohmann::json done = nlohmann::json::array();
  for (const index_range& range : state.done.ranges()) done.push_back({range.begin, range.end});
  json = {{"identity", state.identity},
          {"part", state.part},
          {"block_rows", state.block_rows},
          {"block_samples", state.block_samples},
          {"split", state.split == split_axis::rows ? "rows" : "time"},
          {"done", done},
          {"clipped", state.clipped},
          {"nonfinite", state.nonfinite}};
}

void from_json(const nlohmann::json& json, checkpoint& state) {
  json.at("identity").get_to(state.identity);
  json.at("part").get_to(state.part);
  json.at("block_rows").get_to(state.block_rows);
  json.at("block_samples").get_to(state.block_samples);
  state.split = json.at("split") == "rows" ? split_axis::rows : split_axis::time;
  state.done = {};
  for (const auto& range : json.at("done")) {
    state.done.add({range.at(0).get<std::size_t>(), range.at(1).get<std::size_t>()});
  }
  json.at("clipped").get_to(state.clipped);
  json.at("nonfinite").get_to(state.nonfinite);
}

nlohmann::json identity_of(const filter_job& job) {
  nlohmann::json filter = identity_of(job.operation);
  filter["mode"] = static_cast<int>(job.boundary.mode);
  filter["cval"] = job.boundary.cval;
  return {{"weir", version},
          {"input",
           {{"bytes", job.input.file_bytes},
            {"modified_ns", job.input.modified_ns},
            {"dataset", job.input.dataset},
            {"channels", job.input.channels},
            {"samples", job.input.samples},
            {"type", name_of(job.input.type)},
            {"time_axis", job.input.axis == io::time_axis::first ? 0 : 1},
            {"content", hexadecimal(io::content_probe(job.input.path))}}},
          {"filter", filter}};
}

std::string difference(const nlohmann::json& begun, const nlohmann::json& now) {
  std::string sentence;
  for (const nlohmann::json& change : nlohmann::json::diff(begun, now)) {
    const nlohmann::json::json_pointer where(change.at("path").get<std::string>());
    const auto value = [&](const nlohmann::json& of) {
      return of.contains(where) ? of.at(where).dump() : "missing";
    };
    std::string name = where.to_string().substr(1);
    std::ranges::replace(name, '/', ' ');
    sentence += fmt::format("{}its {} was {} and is {}", sentence.empty() ? "" : ", ", name, value(begun),
                            value(now));
  }
  return sentence;
}

std::string identity_text(const nlohmann::json& identity) {
  return hexadecimal(io::checksum(identity.dump()));
}

begun_output find_begun_output(const filter_job& job) {
  const auto marker = io::load_marker(io::marker_path(job.output));
  if (!marker) {
    const auto made = io::provenance_text(job.output, "identity");
    return {.is_complete = made && *made == identity_text(identity_of(job))};
  }
  checkpoint state;
  try {
    state = marker->get<checkpoint>();
  } catch (const nlohmann::json::exception& fault) {
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
  if (!std::filesystem::exists(part)) {
    if (std::filesystem::exists(job.output)) return {.is_complete = true};
    refuse(exit_code::bad_data, job, "it is gone, and only its progress marker is there");
  }
  state.part.path = part;
  if (file_bytes(part) != state.part.file_bytes) {
    refuse(exit_code::bad_data, job,
           fmt::format("it has {} bytes in place of {}", file_bytes(part), state.part.file_bytes));
  }
  return {.state = std::move(state)};
}

}  // namespace weir::pipeline
