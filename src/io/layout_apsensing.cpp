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
  return {.of_samples = {}, .of_ends = {}, .counts = {}, .lengths = {{"/Metadata/TraceCount", 0}}};
}

}  // namespace

const layout apsensing_layout{"apsensing",   recognise,         only_candidate<path>, is_only_candidate<path>,
                              describe,      no_channel_scales, siblings_of,          times,
                              retell_little, mark_nothing};

}  // namespace weir::io
