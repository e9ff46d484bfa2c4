#include <fmt/format.h>

#include "attributes.hpp"
#include "layouts.hpp"
#include "spacing.hpp"

namespace weir::io {

namespace {

constexpr const char* acquisition = "/acquisition";
constexpr const char* processing = "/processing";

bool is_electrical_series(hid_t file, const std::string& group) {
  if (!h5::exists(file, group)) return false;
  const h5::object opened(H5Oopen(file, group.c_str(), H5P_DEFAULT));
  return h5::text_attribute(opened.get(), "neurodata_type") == "ElectricalSeries";
}

std::optional<std::string> recognise(hid_t file) {
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  if (h5::text_attribute(root.get(), "neurodata_type") != "NWBFile") return std::nullopt;
  return fmt::format("layout nwb {}: the root is an NWBFile",
                     h5::text_attribute(root.get(), "nwb_version").value_or("of no stated version"));
}

/// Series may lie in containers, such as an LFP or a processing module's; deeper ones, or groups in a circle,
/// are not looked into.
constexpr int most_containers = 3;

void collect_series(hid_t file, const std::string& group, int depth, std::vector<std::string>& found) {
  const h5::group opened(H5Gopen2(file, group.c_str(), H5P_DEFAULT));
  if (!opened) return;
  for (const std::string& name : h5::links_of(opened.get())) {
    const std::string path = fmt::format("{}/{}", group, name);
    H5O_info_t info{};
    if (H5Oget_info_by_name(file, path.c_str(), &info, H5P_DEFAULT) < 0 || info.type != H5O_TYPE_GROUP) {
      continue;
    }
    if (!is_electrical_series(file, path)) {
      if (depth > 0) collect_series(file, path, depth - 1, found);
    } else if (h5::exists(file, path + "/data")) {
      found.push_back(path + "/data");
    }
  }
}

/// What was recorded comes before what was made of it: series of processing modules are looked for only where
/// there is none under /acquisition.
std::vector<std::string> candidates(hid_t file) {
  std::vector<std::string> found;
  collect_series(file, acquisition, most_containers, found);
  if (found.empty()) collect_series(file, processing, most_containers, found);
  return found;
}

bool knows(hid_t file, const std::string& dataset) {
  return dataset.ends_with("/data") && is_electrical_series(file, h5::parent_of(dataset));
}

void take_timestamps(hid_t file, const std::string& series, recording& what) {
  const std::string path = series + "/timestamps";
  if (!h5::exists(file, path)) return;
  const h5::dataset times(H5Dopen2(file, path.c_str(), H5P_DEFAULT));
  if (!times || !can_be_times(times.get())) return;
  const spacing found = measure_spacing(times.get());
  what.start_offset = found.first;
  if (found.worst <= even_tolerance && found.interval > 0.0) {
    what.sampling_rate = 1.0 / found.interval;
    what.reasons.push_back(
        fmt::format("sampling rate {:.9g} Hz: {} is evenly spaced", *what.sampling_rate, path));
  } else {
    what.warnings.push_back(fmt::format(
        "{} is not evenly spaced (sample {} is {:.3g} intervals off): the file states no sampling rate that "
        "holds, and a filter runs across the gaps as if they were not there",
        path, found.worst_index, found.worst));
  }
}

void take_rate(hid_t file, const std::string& series, recording& what) {
  const std::string path = series + "/starting_time";
  if (!h5::exists(file, path)) return take_timestamps(file, series, what);
  const h5::dataset start(
      h5::check(H5Dopen2(file, path.c_str(), H5P_DEFAULT), "cannot open " + path, exit_code::bad_data));
  what.sampling_rate = h5::number_attribute(start.get(), "rate");
  if (what.sampling_rate) {
    what.reasons.push_back(fmt::format("sampling rate {} Hz: {}@rate", *what.sampling_rate, path));
  }
  if (h5::extents_of(start.get()).empty()) {
    h5::check(H5Dread(start.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &what.start_offset),
              fmt::format("cannot read {} in '{}'", path, what.path), exit_code::bad_data);
  }
}

std::optional<time_axis> describe(hid_t file, hid_t dataset, recording& what) {
  const std::string series = h5::parent_of(what.dataset);
  take_rate(file, series, what);
  what.scale = h5::number_attribute(dataset, "conversion").value_or(1.0);
  what.offset = h5::number_attribute(dataset, "offset").value_or(0.0);
  what.unit = h5::text_attribute(dataset, "unit").value_or("");
  what.start_time = h5::text_dataset(file, "/timestamps_reference_time");
  if (!what.start_time) what.start_time = h5::text_dataset(file, "/session_start_time");
  if (h5::exists(file, series + "/channel_conversion")) {
    what.reasons.push_back(
        fmt::format("scale {} is the one all channels share; {}/channel_conversion comes on top of it",
                    what.scale, series));
  }
  what.reasons.emplace_back("time axis 0: an ElectricalSeries is times by channels");
  return time_axis::first;
}

std::string channel_scales(const recording& what) {
  return h5::parent_of(what.dataset) + "/channel_conversion";
}

/// Of a TimeSeries and an ElectricalSeries (NWB schema 2.5, core, nwb.base and nwb.ecephys).
axis_parts parts(hid_t, const recording& what) {
  const std::string series = h5::parent_of(what.dataset);
  return {.of_samples = {series + "/timestamps", series + "/control"},
          .of_channels = {series + "/electrodes", series + "/channel_conversion"},
          .is_guess = false};
}

void move_start(hid_t file, const std::string& series, double seconds) {
  const std::string path = series + "/starting_time";
  if (!h5::exists(file, path)) return;
  const h5::dataset start(h5::check(H5Dopen2(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
  double time = 0.0;
  h5::check(H5Dread(start.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &time),
            "cannot read " + path);
  time += seconds;
  h5::check(H5Dwrite(start.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &time),
            "cannot write " + path);
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>&) {
  const std::string series = h5::parent_of(source.dataset);
  if (how.samples && source.sampling_rate) {
    move_start(file, series, how.begins_at() / *source.sampling_rate);
  }
  if (!how.is_physical) return;
  const h5::dataset dataset(
      h5::check(H5Dopen2(file, source.dataset.c_str(), H5P_DEFAULT), "cannot open " + source.dataset));
  h5::set_attribute(dataset.get(), "conversion", 1.0);
  h5::set_attribute(dataset.get(), "offset", 0.0);
  const std::string of_channels = series + "/channel_conversion";
  if (h5::exists(file, of_channels)) H5Ldelete(file, of_channels.c_str(), H5P_DEFAULT);
}

/// ElectricalSeries has a text attribute for it (NWB schema 2.5, core, nwb.ecephys).
void mark_filtered(hid_t file, const recording& what, const std::string& filtering) {
  const std::string series = h5::parent_of(what.dataset);
  const h5::object group(h5::check(H5Oopen(file, series.c_str(), H5P_DEFAULT), "cannot open " + series));
  const std::optional<std::string> before = h5::text_attribute(group.get(), "filtering");
  h5::set_attribute(group.get(), "filtering",
                    before && !before->empty() ? fmt::format("{}; then {}", *before, filtering) : filtering);
}

std::vector<sample_axis> axes(hid_t file, const recording& what) {
  const std::string series = h5::parent_of(what.dataset);
  std::vector<sample_axis> found;
  for (const sample_axis& axis : {sample_axis{.path = series + "/timestamps", .a_second = 1},
                                  sample_axis{.path = series + "/control", .interpolates = false}}) {
    if (is_sample_axis(file, axis.path, what)) found.push_back(axis);
  }
  return found;
}

void change_rate(hid_t file, const recording&, const recording& after) {
  const std::string path = h5::parent_of(after.dataset) + "/starting_time";
  if (!after.sampling_rate || !h5::exists(file, path)) return;
  const h5::object start(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
  h5::rewrite_attribute(start.get(), "rate", *after.sampling_rate);
}

/// A series says its rate or its timestamps (NWB schema 2.5, core, nwb.base); one that says neither gets the
/// rate.
void state_rate(hid_t file, const recording& before, const recording& after) {
  const std::string series = h5::parent_of(after.dataset);
  const std::string path = series + "/starting_time";
  if (!h5::exists(file, path)) {
    if (h5::exists(file, series + "/timestamps")) return;
    const h5::dataspace scalar(H5Screate(H5S_SCALAR));
    const h5::dataset made(h5::check(
        H5Dcreate2(file, path.c_str(), H5T_IEEE_F64LE, scalar.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
        "cannot create " + path));
    h5::check(H5Dwrite(made.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &before.start_offset),
              "cannot write " + path);
    h5::set_attribute(made.get(), "unit", std::string("seconds"));
  }
  const h5::object start(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
  if (!h5::has_attribute(start.get(), "rate")) h5::set_attribute(start.get(), "rate", *after.sampling_rate);
  change_rate(file, before, after);
}

}  // namespace

const layout nwb_layout{.name = "nwb",
                        .recognise = recognise,
                        .candidates = candidates,
                        .knows = knows,
                        .describe = describe,
                        .retell = retell,
                        .change_rate = change_rate,
                        .state_rate = state_rate,
                        .axes = axes,
                        .parts = parts,
                        .channel_scales = channel_scales,
                        .mark_filtered = mark_filtered};

}  // namespace weir::io
