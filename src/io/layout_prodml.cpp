#include <fmt/format.h>

#include "attributes.hpp"
#include "layouts.hpp"
#include "spacing.hpp"

namespace weir::io {

namespace {

constexpr const char* acquisition = "/Acquisition";

bool is_raw_group(const std::string& name) {
  return name.starts_with("Raw[") && name.ends_with("]");
}

std::vector<std::string> candidates(hid_t file) {
  std::vector<std::string> found;
  const h5::group group(H5Gopen2(file, acquisition, H5P_DEFAULT));
  if (!group) return found;
  for (const std::string& name : h5::links_of(group.get())) {
    const std::string dataset = fmt::format("{}/{}/RawData", acquisition, name);
    if (is_raw_group(name) && h5::exists(file, dataset)) found.push_back(dataset);
  }
  return found;
}

std::optional<std::string> recognise(hid_t file) {
  if (!h5::exists(file, acquisition)) return std::nullopt;
  const std::vector<std::string> found = candidates(file);
  if (found.empty()) return std::nullopt;
  const h5::object group(H5Oopen(file, acquisition, H5P_DEFAULT));
  const std::optional<std::string> version = h5::text_attribute(group.get(), "schemaVersion");
  return fmt::format("layout prodml{}: it has {}", version ? ' ' + *version : "", found.front());
}

bool knows(hid_t, const std::string& dataset) {
  return dataset.starts_with("/Acquisition/Raw[") && dataset.ends_with("/RawData");
}

/// `Dimensions` is a list of names in both versions; some writers join them with a comma.
std::optional<time_axis> axis_from_dimensions(hid_t dataset, recording& what) {
  std::vector<std::string> names = h5::texts_attribute(dataset, "Dimensions");
  if (names.size() == 1) {
    const std::size_t comma = names[0].find(',');
    if (comma != std::string::npos) {
      const std::size_t second = names[0].find_first_not_of(' ', comma + 1);
      names = {names[0].substr(0, comma), second == std::string::npos ? "" : names[0].substr(second)};
    }
  }
  if (names.size() != 2) return std::nullopt;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != "time") continue;
    what.reasons.push_back(fmt::format("time axis {}: Dimensions = {},{}", i, names[0], names[1]));
    return i == 0 ? time_axis::first : time_axis::last;
  }
  return std::nullopt;
}

/// RawDataTime holds a time in microseconds for every sample; samples that were lost show in it.
void check_times(hid_t file, const std::string& raw, double rate, recording& what) {
  constexpr double microseconds = 1e6;
  const std::string path = raw + "/RawDataTime";
  if (!h5::exists(file, path)) return;
  const h5::dataset times(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!times || !can_be_times(times.get())) return;
  const spacing found = measure_spacing(times.get());
  if (!(found.worst <= even_tolerance)) {
    what.warnings.push_back(fmt::format(
        "{} is not evenly spaced (sample {} is {:.3g} intervals off): the recording has gaps, and a filter "
        "runs across them as if they were not there",
        path, found.worst_index, found.worst));
  } else if (const double measured = microseconds / found.interval;
             !(measured > rate * 0.999 && measured < rate * 1.001)) {
    what.warnings.push_back(fmt::format(
        "{} says {:.6g} Hz, but OutputDataRate says {:.6g} Hz; the latter is used", path, measured, rate));
  }
}

std::optional<time_axis> describe(hid_t file, hid_t dataset, recording& what) {
  const std::string raw = h5::parent_of(what.dataset);
  const h5::object raw_group(h5::check(H5Oopen(file, raw.c_str(), H5P_DEFAULT), "cannot open " + raw));
  what.sampling_rate = h5::number_attribute(raw_group.get(), "OutputDataRate");
  if (what.sampling_rate) {
    what.reasons.push_back(fmt::format("sampling rate {} Hz: {}@OutputDataRate", *what.sampling_rate, raw));
    check_times(file, raw, *what.sampling_rate, what);
  }
  what.unit = h5::text_attribute(raw_group.get(), "RawDataUnit").value_or("");
  what.start_time = h5::text_attribute(dataset, "PartStartTime");
  if (!what.start_time) {
    const h5::object group(H5Oopen(file, acquisition, H5P_DEFAULT));
    what.start_time = h5::text_attribute(group.get(), "MeasurementStartTime");
  }

  if (const std::optional<time_axis> said = axis_from_dimensions(dataset, what)) return said;
  what.warnings.push_back(fmt::format(
      "{} has no attribute Dimensions: time is taken for its first axis, as is usual", what.dataset));
  return time_axis::first;
}

/// PRODML has no attribute for processing of this kind; the file's own `history` and /provenance say it.
void mark_filtered(hid_t, const recording&, const std::string&) {}

}  // namespace

const layout prodml_layout{"prodml", recognise, candidates, knows, describe, mark_filtered};

}  // namespace weir::io
