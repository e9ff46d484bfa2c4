#include "job_identity.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/version.hpp>

namespace weir::pipeline {
namespace {

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:016x}", value);
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

}  // namespace

nlohmann::json identity_of(const filter_job& job) {
  const io::recording output = job.output_recording();
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
        {"type", name_of(output.type)},
        {"sampling_rate", output.sampling_rate ? nlohmann::json(*output.sampling_rate) : nlohmann::json()},
        {"is_physical", job.result.is_physical}}},
      {"preparation",
       {{"gains", hexadecimal(io::checksum({reinterpret_cast<const char*>(job.prepare.gains.data()),
                                            job.prepare.gains.size() * sizeof(double)}))},
        {"shift", job.prepare.shift},
        {"detrend", static_cast<int>(job.prepare.detrend)},
        {"reference", {static_cast<int>(job.prepare.reference.kind), job.prepare.reference.row}}}},
      {"output",
       {{"compression", job.packed ? io::name_of(*job.packed) : "none"},
        {"files", job.write == write_mode::per_node ? "one a node" : "one"}}}};
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

}  // namespace weir::pipeline
