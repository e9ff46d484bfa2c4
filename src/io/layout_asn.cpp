#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attributes.hpp"
#include "entries.hpp"
#include "layout_common.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

// Alcatel Submarine Networks' OptoDAS, as DASCore and xdas read it.
constexpr const char path[] = "/data";

std::optional<std::string> recognise(hid_t file) {
  const auto has = [file](const char* name) { return h5::exists(file, name); };
  if (!std::ranges::all_of(std::to_array({path, "/header/dt", "/header/time"}), has)) return std::nullopt;
  if (!has("/cableSpec") && !has("/acqSpec")) return std::nullopt;
  return "layout asn (OptoDAS): it has /header/dt, /header/time, /data and /cableSpec or /acqSpec";
}

std::optional<time_axis> axis_from_names(hid_t file) {
  if (!h5::exists(file, "/header/dimensionNames")) return std::nullopt;
  const std::vector<std::string> names = h5::texts_dataset(file, "/header/dimensionNames");
  const auto time = std::ranges::find(names, "time");
  if (names.size() != 2 || time == names.end()) return std::nullopt;
  return time == names.begin() ? time_axis::first : time_axis::last;
}

std::optional<time_axis> describe(hid_t file, hid_t, recording& what) {
  take_rate_of_interval(what, number_at(file, "/header/dt"), "/header/dt");
  if (const std::optional<double> start = number_at(file, "/header/time")) {
    what.start_ns = nanoseconds(*start);
    if (what.start_ns) what.start_time = time_text(*what.start_ns);
  }
  // Values in that unit are the stored ones times this (as ASN's own reader has it).
  what.scale = number_at(file, "/header/dataScale").value_or(1.0);
  what.unit = h5::text_dataset(file, "/header/unit").value_or("");
  tell_spacing(what, number_at(file, "/header/dx"), "/header/dx, for neighbours in /header/channels");
  const std::optional<time_axis> said = axis_from_names(file);
  what.reasons.emplace_back(said ? "time axis: /header/dimensionNames" : "time axis 0: as OptoDAS has it");
  return said.value_or(time_axis::first);
}

time_marks times(hid_t, const recording&) {
  return {.lengths = {{"/header/dimensionRanges/dimension0/max", -1},
                      {"/header/dimensionRanges/dimension0/size", 0}}};
}

/// One number of the fibre's place for each channel.
axis_parts parts(hid_t file, const recording& what) {
  axis_parts found;
  for (const char* name : {"/header/channels", "/header/sensorIndices", "/cableSpec/sensorDistances"}) {
    if (!h5::exists(file, name)) continue;
    const h5::dataset of_channels(H5Dopen2(file, name, H5P_DEFAULT));
    if (entry_count(of_channels.get()) == what.channels) found.of_channels.emplace_back(name);
  }
  return found;
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>&) {
  if (how.is_physical) set_number_at(file, "/header/dataScale", 1);
  const std::optional<double> seconds = seconds_cut(source, how);
  const std::optional<double> start = number_at(file, "/header/time");
  if (seconds && start) set_number_at(file, "/header/time", *start + *seconds);
  if (how.channels.empty()) return;
  const auto channels = static_cast<double>(how.channels.size());
  set_number_at(file, "/header/dimensionRanges/dimension1/max", channels - 1);
  set_number_at(file, "/header/dimensionRanges/dimension1/size", channels);
}

void change_rate(hid_t file, const recording&, const recording& after) {
  if (after.sampling_rate) set_number_at(file, "/header/dt", 1 / *after.sampling_rate);
}

}  // namespace

const layout asn_layout{.name = "asn",
                        .recognise = recognise,
                        .candidates = only_candidate<path>,
                        .knows = is_only_candidate<path>,
                        .describe = describe,
                        .retell = retell,
                        .change_rate = change_rate,
                        .parts = parts,
                        .times = times};

}  // namespace weir::io
