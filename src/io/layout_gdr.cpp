#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"

namespace weir::io {

namespace {

// The standard of the Geothermal Data Repository (gdr.openei.org/das_data_standard), as DASCore reads it.
constexpr const char path[] = "/DasRawData/RawData";
constexpr const char* times_path = "/DasRawData/DasTimeArray";
constexpr const char* acquisition = "/DasMetadata/Interrogator/Acquisition";

std::optional<std::string> recognise(hid_t file) {
  if (!h5::exists(file, path) || !h5::exists(file, times_path)) return std::nullopt;
  return fmt::format("layout gdr: it has {} and {}", path, times_path);
}

std::optional<time_axis> axis_from_dimensions(hid_t dataset) {
  const std::vector<std::string> names = h5::texts_attribute(dataset, "DasDimensions");
  for (std::size_t i = 0; i < names.size() && names.size() == 2; ++i) {
    if (names[i].starts_with("time")) return i == 0 ? time_axis::first : time_axis::last;
  }
  return std::nullopt;
}

std::optional<time_axis> describe(hid_t file, hid_t dataset, recording& what) {
  constexpr double nanoseconds_are_a_second = 1e9;
  take_times(file, times_path, nanoseconds_are_a_second, what);
  if (h5::exists(file, acquisition)) {
    const h5::object group(H5Oopen(file, acquisition, H5P_DEFAULT));
    what.unit = h5::text_attribute(group.get(), "UnitOfMeasure").value_or("");
    tell_spacing(what, h5::number_attribute(group.get(), "SpatialSamplingInterval"),
                 fmt::format("{}@SpatialSamplingInterval", acquisition));
  }
  const std::optional<time_axis> said = axis_from_dimensions(dataset);
  if (said) {
    what.reasons.push_back(fmt::format("time axis {}: DasDimensions", *said == time_axis::first ? 0 : 1));
  }
  return said;
}

std::vector<sample_axis> axes(hid_t file, const recording& what) {
  if (!is_sample_axis(file, times_path, what)) return {};
  constexpr double nanoseconds = 1e9;
  return {{.path = times_path, .a_second = nanoseconds}};
}

/// Start and rate are in the times alone.
void retell(hid_t, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  warn_of_channels(source, how, warnings);
}

void change_rate(hid_t, const recording&, const recording&) {}

}  // namespace

const layout gdr_layout{.name = "gdr",
                        .recognise = recognise,
                        .candidates = only_candidate<path>,
                        .knows = is_only_candidate<path>,
                        .describe = describe,
                        .retell = retell,
                        .change_rate = change_rate,
                        .axes = axes};

}  // namespace weir::io
