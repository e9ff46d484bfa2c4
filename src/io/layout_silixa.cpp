#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"
#include "moved_time.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

// Silixa's HDF5 of iDAS and Carina, as DASCore reads it: attributes are texts, beside the samples.
constexpr const char path[] = "/Acoustic";
constexpr const char* rate_name = "SamplingFrequency[Hz]";

std::optional<std::string> recognise(hid_t file) {
  if (!h5::exists(file, path)) return std::nullopt;
  const h5::object acoustic(H5Oopen(file, path, H5P_DEFAULT));
  if (!h5::number_attribute(acoustic.get(), rate_name)) return std::nullopt;
  return fmt::format("layout silixa: it has {} with the attribute {}", path, rate_name);
}

/// `31/05/2019 08:38:50.626 (UTC)`; a text that is no time, such as NaT, where the clock had none.
bool take_start(hid_t dataset, const std::string& name, recording& what) {
  std::string text = h5::text_attribute(dataset, name).value_or("");
  if (const std::size_t zone = text.find(" (UTC)"); zone != std::string::npos) text.resize(zone);
  what.start_ns = parse_time(text);
  if (!what.start_ns) return false;
  what.start_time = time_text(*what.start_ns);
  what.reasons.push_back(fmt::format("start: {}@{}", path, name));
  return true;
}

std::optional<time_axis> describe(hid_t, hid_t dataset, recording& what) {
  what.sampling_rate = h5::number_attribute(dataset, rate_name);
  if (what.sampling_rate) {
    what.reasons.push_back(fmt::format("sampling rate {} Hz: {}@{}", *what.sampling_rate, path, rate_name));
  }
  if (!take_start(dataset, "GPSTimeStamp", what)) take_start(dataset, "CPUTimeStamp", what);
  const auto resolution = h5::number_attribute(dataset, "SpatialResolution[m]");
  const double multiplier = h5::number_attribute(dataset, "Fibre Length Multiplier").value_or(1.0);
  if (resolution) {
    tell_spacing(what, *resolution * multiplier, "SpatialResolution[m] x Fibre Length Multiplier");
  }
  what.reasons.emplace_back("time axis 0: as Silixa has it");
  return time_axis::first;
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  warn_of_channels(source, how, warnings);
  const std::optional<double> seconds = seconds_cut(source, how);
  if (!seconds) return;
  const h5::object acoustic(H5Oopen(file, path, H5P_DEFAULT));
  for (const char* name : {"GPSTimeStamp", "CPUTimeStamp"}) move_time(acoustic.get(), name, *seconds);
}

/// The precise rate is that of the device's clock, about a millionth beside the one that it stands for.
void change_rate(hid_t file, const recording& before, const recording& after) {
  if (!before.sampling_rate) return;
  const h5::object acoustic(H5Oopen(file, path, H5P_DEFAULT));
  for (const char* name : {rate_name, "Precise Sampling Frequency (Hz)"}) {
    if (const std::optional<double> rate = h5::number_attribute(acoustic.get(), name)) {
      h5::rewrite_attribute(acoustic.get(), name, *rate * (*after.sampling_rate / *before.sampling_rate));
    }
  }
}

/// What the device's clock had to say is not of that rate.
void state_rate(hid_t file, const recording& before, const recording& after) {
  if (before.sampling_rate) return change_rate(file, before, after);
  const h5::object acoustic(H5Oopen(file, path, H5P_DEFAULT));
  h5::rewrite_attribute(acoustic.get(), rate_name, *after.sampling_rate);
}

}  // namespace

const layout silixa_layout{.name = "silixa",
                           .recognise = recognise,
                           .candidates = only_candidate<path>,
                           .knows = is_only_candidate<path>,
                           .describe = describe,
                           .retell = retell,
                           .change_rate = change_rate,
                           .state_rate = state_rate};

}  // namespace weir::io
