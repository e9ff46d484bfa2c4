#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/error.hpp>
#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/version.hpp>

namespace weir::pipeline {
namespace {

/// Beyond this not every whole number is a double.
constexpr std::size_t most_samples = std::size_t{1} << 53;

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

std::uint64_t file_bytes(const std::string& path) {
  std::error_code fault;
  const std::uintmax_t bytes = std::filesystem::file_size(path, fault);
  return fault ? 0 : bytes;
}

index_range range_from(const nlohmann::json& json, std::string_view key) {
  const bool is_range =
      json.size() == 2 && json.at(0).is_number_unsigned() && json.at(1).is_number_unsigned();
  if (!is_range) {
    throw error(exit_code::bad_data, fmt::format("{} has {}, which is no range", key, io::json_text(json)));
  }
  return {json.at(0).get<std::size_t>(), json.at(1).get<std::size_t>()};
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

void to_json(nlohmann::json& json, const checkpoint& state) {
  nlohmann::json done = nlohmann::json::array();
  for (const index_range& range : state.done.ranges()) done.push_back({range.begin, range.end});
  nlohmann::json logs = nlohmann::json::array();
  for (const io::log_file& log : state.logs) logs.push_back({log.run, log.writer, log.bytes});
  json = {{"identity", state.identity},
          {"part", state.part},
          {"span", {state.span.begin, state.span.end}},
          {"block_rows", state.block_rows},
          {"block_samples", state.block_samples},
          {"split", state.split == split_axis::rows ? "rows" : "time"},
          {"done", done},
          {"clipped", state.clipped},
          {"nonfinite", state.nonfinite},
          {"logs", logs},
          {"is_assembling", state.is_assembling}};
}

void from_json(const nlohmann::json& json, checkpoint& state) {
  json.at("identity").get_to(state.identity);
  json.at("part").get_to(state.part);
  state.span = {0, state.part.samples};
  if (json.contains("span")) state.span = range_from(json.at("span"), "span");
  state.block_rows = io::unsigned_at(json, "block_rows");
  state.block_samples = io::unsigned_at(json, "block_samples");
  state.split = json.at("split") == "rows" ? split_axis::rows : split_axis::time;
  state.done = {};
  for (const nlohmann::json& range : json.at("done")) {
    state.done.add(range_from(range, "done"));
  }
  state.clipped = io::unsigned_at(json, "clipped");
  state.nonfinite = io::unsigned_at(json, "nonfinite");
  state.logs.clear();
  for (const nlohmann::json& log : json.at("logs")) {
    const bool is_log =
        log.size() == 3 && std::ranges::all_of(log, [](const auto& n) { return n.is_number_unsigned(); });
    if (!is_log) {
      throw error(exit_code::bad_data, fmt::format("logs has {}, which is no log", io::json_text(log)));
    }
    state.logs.push_back(
        {log.at(0).get<std::uint64_t>(), log.at(1).get<std::uint64_t>(), log.at(2).get<std::uint64_t>()});
  }
  json.at("is_assembling").get_to(state.is_assembling);
}

checkpoint checkpoint_from(const nlohmann::json& json) {
  checkpoint state;
  try {
    state = json.get<checkpoint>();
  } catch (const std::exception& fault) {
    throw error(exit_code::bad_data, fault.what());
  }
  const io::recording& part = state.part;
  if (part.channels == 0 || part.samples == 0 || part.channels > most_samples / part.samples) {
    throw error(exit_code::bad_data,
                fmt::format("no recording has {} channels of {} samples", part.channels, part.samples));
  }
  if (state.span.begin >= state.span.end || state.span.end > most_samples) {
    throw error(exit_code::bad_data,
                fmt::format("no recording has samples {} to {}", state.span.begin, state.span.end));
  }
  if (state.block_rows == 0 || state.block_samples == 0 || state.block_rows > most_samples ||
      state.block_samples > most_samples) {
    throw error(exit_code::bad_data,
                fmt::format("no block has {} rows of {} samples", state.block_rows, state.block_samples));
  }
  if (!state.done.ranges().empty() && state.done.ranges().back().end > state.blocks().size()) {
    throw error(exit_code::bad_data,
                fmt::format("block {} of {} is done", state.done.ranges().back().end, state.blocks().size()));
  }
  return state;
}

/// Of a recording in several files, all that tells each of them: bytes, time, content.
nlohmann::json identity_of_files(const io::recording& input) {
  // Pieces of the contents of all files together, at most and at least: thousands of files take no minutes.
  constexpr std::size_t pieces = 4096;
  constexpr std::size_t pieces_a_file = 16;
  const std::size_t each = std::clamp<std::size_t>(pieces / input.files.size(), 2, pieces_a_file);
  nlohmann::json files = nlohmann::json::array();
  for (const io::recording_file& file : input.files) {
    files.push_back({{"bytes", file.file_bytes},
                     {"modified_ns", file.modified_ns},
                     {"samples", file.samples.size()},
                     {"content", hexadecimal(io::content_probe(file.path, each))}});
  }
  return files;
}

nlohmann::json identity_of(const filter_job& job) {
  nlohmann::json filter = identity_of(job.operation);
  filter["mode"] = static_cast<int>(job.boundary.mode);
  filter["cval"] = job.boundary.cval;
  nlohmann::json identity{
      {"weir", version},
      {"input",
       {{"bytes", job.input.file_bytes},
        {"modified_ns", job.input.modified_ns},
        {"dataset", job.input.dataset},
        {"channels", job.input.channels},
        {"samples", job.input.samples},
        {"type", name_of(job.input.type)},
        {"time_axis", job.input.axis == io::time_axis::first ? 0 : 1},
        {"content", hexadecimal(io::content_probe(job.input.path))}}},
      {"filter", filter},
      {"result",
       {{"channels", job.result.channels},
        {"samples", {job.selected_samples().begin, job.selected_samples().end}},
        {"type", name_of(job.output_recording().type)},
        {"is_physical", job.result.is_physical}}},
      {"preparation",
       {{"gains", hexadecimal(io::checksum({reinterpret_cast<const char*>(job.prepare.gains.data()),
                                            job.prepare.gains.size() * sizeof(double)}))},
        {"shift", job.prepare.shift},
        {"detrend", static_cast<int>(job.prepare.detrend)},
        {"reference", {static_cast<int>(job.prepare.reference.kind), job.prepare.reference.row}}}},
      {"output", {{"compression", job.packed ? io::name_of(*job.packed) : "none"}}}};
  if (!job.input.files.empty()) identity["input"]["files"] = identity_of_files(job.input);
  // As a marker gives it back.
  return nlohmann::json::parse(io::json_text(identity));
}

std::string difference(const nlohmann::json& begun, const nlohmann::json& now) {
  constexpr std::size_t most_listed = 4;
  std::string sentence;
  const nlohmann::json changes = nlohmann::json::diff(begun, now);
  for (const nlohmann::json& change : changes) {
    if (&change - &changes.front() == most_listed) {
      return fmt::format("{}, and {} more differences", sentence, changes.size() - most_listed);
    }
    const nlohmann::json::json_pointer where(change.at("path").get<std::string>());
    const auto value = [&](const nlohmann::json& of) {
      return of.contains(where) ? io::json_text(of.at(where)) : "missing";
    };
    std::string name = where.to_string().substr(1);
    std::ranges::replace(name, '/', ' ');
    sentence += fmt::format("{}its {} was {} and is {}", sentence.empty() ? "" : ", ", name, value(begun),
                            value(now));
  }
  return sentence;
}

std::string identity_text(const nlohmann::json& identity) {
  return hexadecimal(io::checksum(io::json_text(identity)));
}

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
  if (state.is_assembling && std::filesystem::exists(part)) return {.state = std::move(state)};
  if (!std::filesystem::exists(part)) {
    if (is_made_by(job, now)) return {.is_complete = true};
    refuse(exit_code::bad_data, job, "it is gone, and only its progress marker is there");
  }
  if (file_bytes(part) != state.part.file_bytes) {
    refuse(exit_code::bad_data, job,
           fmt::format("it has {} bytes in place of {}", file_bytes(part), state.part.file_bytes));
  }
  return {.state = std::move(state)};
}

}  // namespace weir::pipeline
