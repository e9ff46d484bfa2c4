#include "job_identity.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/version.hpp>

namespace weir::pipeline {
namespace {

/// An output of one file depends on its neighbours too: it tells its own file, and all of them in one
/// checksum, as thousands of outputs would take long to tell of thousands of files each.
nlohmann::json identity_of_input(const filter_job& job) {
  const io::recording& input = job.input;
  nlohmann::json identity{{"bytes", input.file_bytes},
                          {"modified_ns", input.modified_ns},
                          {"dataset", input.dataset},
                          {"channels", input.channels},
                          {"samples", input.samples},
                          {"type", name_of(input.type)},
                          {"time_axis", input.axis == io::time_axis::first ? 0 : 1}};
  if (!input.files.empty()) {
    const auto files = job.known_files ? job.known_files : std::make_shared<file_identities>(input.files);
    if (job.of_file) {
      identity["file"] = files->all().at(*job.of_file);
      identity["files"] = files->summary();
      return identity;
    }
    identity["files"] = files->all();
  }
  identity["content"] = hexadecimal(io::content_probe(input.path));
  return identity;
}

}  // namespace

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:016x}", value);
}

nlohmann::json identity_of(const filter_job& job) {
  const io::recording output = job.output_recording();
  nlohmann::json filter = identity_of(job.operation);
  filter["mode"] = static_cast<int>(job.boundary.mode);
  filter["cval"] = job.boundary.cval;
  nlohmann::json identity{
      {"weir", version},
      {"input", identity_of_input(job)},
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
