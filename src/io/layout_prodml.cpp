#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"
#include "moved_time.hpp"
#include "prodml_rate.hpp"
#include "spacing.hpp"
#include "time_text.hpp"

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

time_marks times(hid_t, const recording& what) {
  const std::string array = h5::parent_of(what.dataset) + "/RawDataTime";
  return {.of_ends = {{what.dataset, "PartEndTime"}, {array, "PartEndTime"}, {array, "EndTime"}},
          .counts = {{what.dataset, "Count"}, {array, "Count"}}};
}

axis_parts parts(hid_t file, const recording& what) {
  axis_parts found = siblings_of(file, what);
  found.is_guess = false;
  return found;
}

/// The step from each channel to the next, where that is the same and upwards; nothing where it is not.
std::optional<std::size_t> step_of(const std::vector<std::size_t>& channels) {
  if (channels.size() == 1) return 1;
  for (std::size_t i = 1; i < channels.size(); ++i) {
    if (channels[i] <= channels[i - 1] || channels[i] - channels[i - 1] != channels[1] - channels[0]) {
      return std::nullopt;
    }
  }
  return channels[1] - channels[0];
}

/// Loci lie at their index times the interval (PRODML 2.1, DAS data model), so a step is a longer interval.
void retell_loci(hid_t object, const derivation& how, std::vector<std::string>& warnings) {
  const std::optional<std::size_t> step = step_of(how.channels);
  h5::set_attribute(object, "NumberOfLoci", static_cast<std::int64_t>(how.channels.size()));
  if (const auto interval = h5::number_attribute(object, "SpatialSamplingInterval"); interval && step) {
    h5::set_attribute(object, "SpatialSamplingInterval", *interval * static_cast<double>(*step));
  }
  const auto start = h5::number_attribute(object, "StartLocusIndex");
  if (!start) return;
  const auto first = static_cast<std::int64_t>(*start) + static_cast<std::int64_t>(how.channels.front());
  const auto stride = static_cast<std::int64_t>(step.value_or(1));
  h5::set_attribute(object, "StartLocusIndex", first / stride);
  if (!step) {
    warnings.emplace_back(
        "the chosen loci are not evenly spaced, which PRODML cannot say: /provenance/channels tells which "
        "they "
        "are");
  } else if (first % stride != 0) {
    warnings.push_back(fmt::format(
        "locus {} is no multiple of {}, so StartLocusIndex {} is that of a locus up to {} before it: "
        "/provenance/channels tells which they are",
        first, stride, first / stride, stride - 1));
  }
}

void retell_times(hid_t object, const recording& source, const derivation& how,
                  std::size_t entries_a_sample) {
  const auto seconds = [&](double samples) { return samples / source.sampling_rate.value_or(1.0); };
  const auto cut_off = static_cast<double>(source.samples - how.samples->end);
  const auto begin = h5::text_attribute(object, "PartStartTime");
  const auto end = h5::text_attribute(object, "PartEndTime");
  for (const auto& [name, of_part, is_end] :
       {std::tuple("PartStartTime", begin, false), std::tuple("StartTime", begin, false),
        std::tuple("PartEndTime", end, true), std::tuple("EndTime", end, true)}) {
    // Times of the whole measurement are not this part's.
    if (!source.sampling_rate || !of_part || h5::text_attribute(object, name) != of_part) continue;
    move_time(object, name, is_end ? -seconds(cut_off) : seconds(how.begins_at()));
  }
  if (const auto index = h5::number_attribute(object, "StartIndex")) {
    h5::set_attribute(object, "StartIndex", static_cast<std::int64_t>(*index + how.begins_at()));
  }
  if (h5::number_attribute(object, "Count")) {
    h5::set_attribute(object, "Count", static_cast<std::int64_t>(how.samples->size() * entries_a_sample));
  }
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  const std::string raw = h5::parent_of(source.dataset);
  const auto open = [&](const std::string& path) {
    return h5::object(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
  };
  derivation at_old_rate = how;
  at_old_rate.rate = {};
  const recording made = derive(source, at_old_rate);
  const h5::object samples = open(source.dataset);
  if (how.samples) {
    retell_times(samples.get(), source, how, made.channels);
    if (h5::exists(file, raw + "/RawDataTime")) {
      retell_times(open(raw + "/RawDataTime").get(), source, how, 1);
    }
  }
  if (how.channels.empty()) return;
  if (h5::number_attribute(samples.get(), "Count")) {
    h5::set_attribute(samples.get(), "Count", static_cast<std::int64_t>(made.channels * made.samples));
  }
  std::vector<std::string> told;
  retell_loci(open(raw).get(), how, told);
  // The group of all is about the recording's loci where it has no other.
  if (candidates(file).size() == 1) {
    told.clear();
    retell_loci(open(acquisition).get(), how, told);
  }
  warnings.insert(warnings.end(), told.begin(), told.end());
}

std::vector<sample_axis> axes(hid_t file, const recording& what) {
  constexpr double microseconds = 1e6;
  const sample_axis times{.path = h5::parent_of(what.dataset) + "/RawDataTime", .a_second = microseconds};
  if (!is_sample_axis(file, times.path, what)) return {};
  return {times};
}

}  // namespace

const layout prodml_layout{.name = "prodml",
                           .recognise = recognise,
                           .candidates = candidates,
                           .knows = knows,
                           .describe = describe,
                           .retell = retell,
                           .change_rate = change_prodml_rate,
                           .state_rate = state_prodml_rate,
                           .axes = axes,
                           .parts = parts,
                           .times = times};

}  // namespace weir::io
