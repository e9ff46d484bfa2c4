#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"

namespace weir::io {

namespace {

// AP Sensing's HDF5, as DASCore and xdas read it.
constexpr const char path[] = "/DAS";
constexpr const char* rate_path = "/ProcessingServer/DataRate";

std::optional<std::string> recognise(hid_t file) {
  if (!h5::exists(file, path) || !number_at(file, rate_path) || !h5::exists(file, "/Metadata")) {
    return std::nullopt;
  }
  return fmt::format("layout apsensing: it has {}, {} and /Metadata", path, rate_path);
}

std::optional<time_axis> describe(hid_t file, hid_t, recording& what) {
  what.sampling_rate = number_at(file, rate_path);
  what.reasons.push_back(fmt::format("sampling rate {} Hz: {}", *what.sampling_rate, rate_path));
  what.start_time = h5::text_dataset(file, "/Metadata/Timestamp");
  const std::string zone = h5::text_dataset(file, "/Metadata/Timezone").value_or("UTC");
  if (what.start_time && zone != "UTC" && zone != "UTC+0") {
    what.warnings.push_back(fmt::format(
        "/Metadata/Timezone is '{}', and only UTC is understood: the time of the start is not used", zone));
    what.start_time.reset();
  }
  tell_spacing(what, number_at(file, "/ProcessingServer/SpatialSampling"),
               "/ProcessingServer/SpatialSampling");
  what.reasons.emplace_back("time axis 0: as AP Sensing has it");
  return time_axis::first;
}

time_marks times(hid_t, const recording&) {
  return {.lengths = {{"/Metadata/TraceCount", 0}}};
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  warn_of_channels(source, how, warnings);
  if (const std::optional<double> seconds = seconds_cut(source, how)) {
    move_time_at(file, "/Metadata/Timestamp", *seconds);
  }
}

void change_rate(hid_t file, const recording&, const recording& after) {
  if (after.sampling_rate) set_number_at(file, rate_path, *after.sampling_rate);
}

}  // namespace

const layout apsensing_layout{.name = "apsensing",
                              .recognise = recognise,
                              .candidates = only_candidate<path>,
                              .knows = is_only_candidate<path>,
                              .describe = describe,
                              .retell = retell,
                              .change_rate = change_rate,
                              .times = times};

}  // namespace weir::io
