#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "attributes.hpp"
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
  what.unit = h5::text_dataset(file, "/header/unit").value_or("");
  tell_spacing(what, number_at(file, "/header/dx"), "/header/dx, for neighbours in /header/channels");
  const std::optional<time_axis> said = axis_from_names(file);
  what.reasons.emplace_back(said ? "time axis: /header/dimensionNames" : "time axis 0: as OptoDAS has it");
  return said.value_or(time_axis::first);
}

time_marks times(hid_t, const recording&) {
  return {.of_samples = {},
          .of_ends = {},
          .counts = {},
          .lengths = {{"/header/dimensionRanges/dimension0/max", -1},
                      {"/header/dimensionRanges/dimension0/size", 0}}};
}

}  // namespace

const layout asn_layout{"asn",         recognise,         only_candidate<path>, is_only_candidate<path>,
                        describe,      no_channel_scales, siblings_of,          times,
                        retell_little, mark_nothing};

}  // namespace weir::io
