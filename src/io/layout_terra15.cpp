#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"

namespace weir::io {

namespace {

/// Versions 5 and 6 call the group so; version 4 has its name in the root's attribute of that name (as
/// DASCore reads them).
std::string group_of(hid_t file) {
  if (h5::exists(file, "/data_product/data")) return "/data_product";
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  const std::optional<std::string> name = h5::text_attribute(root.get(), "data_product");
  return name ? '/' + *name : "/data_product";
}

std::vector<std::string> candidates(hid_t file) {
  const std::string path = group_of(file) + "/data";
  if (!h5::exists(file, path)) return {};
  return {path};
}

std::optional<std::string> recognise(hid_t file) {
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  const auto version = h5::has_attribute(root.get(), "file_version");
  const bool is_theirs =
      version && h5::has_attribute(root.get(), "sensing_range_start") && h5::has_attribute(root.get(), "dx");
  if (!is_theirs || candidates(file).empty()) return std::nullopt;
  return fmt::format("layout terra15: the root has file_version, sensing_range_start and dx, and it has {}",
                     candidates(file).front());
}

bool knows(hid_t file, const std::string& dataset) {
  return dataset == group_of(file) + "/data";
}

std::optional<time_axis> describe(hid_t file, hid_t dataset, recording& what) {
  const std::string group = group_of(file);
  // What @dT says is the interval that was asked for; the clock says the one that was.
  const bool has_gps = h5::exists(file, group + "/gps_time");
  take_times(file, group + (has_gps ? "/gps_time" : "/posix_time"), 1.0, what);
  if (!what.sampling_rate)
    take_rate_of_interval(what, h5::number_attribute(dataset, "dT"), what.dataset + "@dT");
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  what.unit = h5::text_attribute(root.get(), "data_product_units").value_or("");
  tell_spacing(what, h5::number_attribute(root.get(), "dx"), "/@dx");
  what.reasons.emplace_back("time axis 0: as Terra15 has it");
  return time_axis::first;
}

std::vector<sample_axis> axes(hid_t file, const recording& what) {
  std::vector<sample_axis> found;
  for (const char* name : {"/gps_time", "/posix_time"}) {
    const sample_axis axis{.path = group_of(file) + name, .a_second = 1};
    if (is_sample_axis(file, axis.path, what)) found.push_back(axis);
  }
  return found;
}

/// The start is in the times alone.
void retell(hid_t, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  warn_of_channels(source, how, warnings);
}

void change_rate(hid_t file, const recording& before, const recording& after) {
  if (!before.sampling_rate) return;
  const h5::dataset samples(H5Dopen2(file, after.dataset.c_str(), H5P_DEFAULT));
  if (const std::optional<double> interval = h5::number_attribute(samples.get(), "dT")) {
    h5::rewrite_attribute(samples.get(), "dT", *interval * (*before.sampling_rate / *after.sampling_rate));
  }
}

/// The interval that was asked for is that of the rate that is said.
void state_rate(hid_t file, const recording&, const recording& after) {
  const h5::dataset samples(H5Dopen2(file, after.dataset.c_str(), H5P_DEFAULT));
  h5::rewrite_attribute(samples.get(), "dT", 1 / *after.sampling_rate);
}

}  // namespace

const layout terra15_layout{.name = "terra15",
                            .recognise = recognise,
                            .candidates = candidates,
                            .knows = knows,
                            .describe = describe,
                            .retell = retell,
                            .change_rate = change_rate,
                            .state_rate = state_rate,
                            .axes = axes};

}  // namespace weir::io
