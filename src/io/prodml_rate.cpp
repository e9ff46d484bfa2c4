#include "prodml_rate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "attributes.hpp"
#include "layout_common.hpp"
#include "moved_time.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

/// The end of what has `samples` samples: some writers give the time of the last one, some that behind it.
double end_after_start(const recording& what, bool is_behind) {
  return static_cast<double>(what.samples - (is_behind ? 0 : 1)) / *what.sampling_rate;
}

void change_ends(hid_t object, const recording& before, const recording& after) {
  const std::optional<std::string> start = h5::text_attribute(object, "PartStartTime");
  for (const char* name : {"PartEndTime", "EndTime"}) {
    const std::optional<std::string> end = h5::text_attribute(object, name);
    if (!end || !before.sampling_rate) continue;
    const std::optional<std::int64_t> from = start ? parse_time(*start) : std::nullopt;
    const std::optional<std::int64_t> to = parse_time(*end);
    // What is left of a span may begin behind the span's own begin.
    const double later = after.start_offset - before.start_offset;
    const double said = from && to ? static_cast<double>(*to - *from) / nanoseconds_a_second + later : 0;
    const bool is_behind =
        from && to &&
        std::abs(said - end_after_start(before, true)) < std::abs(said - end_after_start(before, false));
    move_time(object, name, later + end_after_start(after, is_behind) - end_after_start(before, is_behind));
  }
}

void change_start_index(hid_t object, const recording& before, const recording& after) {
  const std::optional<double> start = h5::number_attribute(object, "StartIndex");
  if (!start || !before.sampling_rate) return;
  h5::rewrite_attribute(object, "StartIndex",
                        std::floor(*start * *after.sampling_rate / *before.sampling_rate));
}

/// Ends that are those of the rate already stay: a file may contradict itself, and be right there.
void state_ends(hid_t object, std::int64_t start, const recording& before, const recording& after) {
  for (const char* name : {"PartEndTime", "EndTime"}) {
    const std::optional<std::string> end = h5::text_attribute(object, name);
    const std::optional<std::int64_t> to = end ? parse_time(*end) : std::nullopt;
    if (!to) continue;
    const double said = static_cast<double>(*to - start) / nanoseconds_a_second;
    const auto error_of = [&](const recording& what, bool is_behind) {
      return std::abs(said - end_after_start(what, is_behind));
    };
    const bool is_behind = error_of(before, true) < error_of(before, false);
    if (std::min(error_of(after, true), error_of(after, false)) < error_of(before, is_behind)) continue;
    move_time(object, name, end_after_start(after, is_behind) - end_after_start(before, is_behind));
  }
}

}  // namespace

void change_prodml_rate(hid_t file, const recording& before, const recording& after) {
  const std::string raw = h5::parent_of(after.dataset);
  const h5::object group(h5::check(H5Oopen(file, raw.c_str(), H5P_DEFAULT), "cannot open " + raw));
  if (after.sampling_rate) h5::rewrite_attribute(group.get(), "OutputDataRate", *after.sampling_rate);
  for (const std::string& path : {after.dataset, raw + "/RawDataTime"}) {
    if (!h5::exists(file, path)) continue;
    const h5::object object(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
    change_count(object.get(), "Count", before, after);
    change_start_index(object.get(), before, after);
    change_ends(object.get(), before, after);
  }
}

void state_prodml_rate(hid_t file, const recording& before, const recording& after) {
  const std::string raw = h5::parent_of(after.dataset);
  const h5::object group(h5::check(H5Oopen(file, raw.c_str(), H5P_DEFAULT), "cannot open " + raw));
  h5::rewrite_attribute(group.get(), "OutputDataRate", *after.sampling_rate);
  if (!h5::has_attribute(group.get(), "OutputDataRate")) {
    h5::set_attribute(group.get(), "OutputDataRate", *after.sampling_rate);
  }
  const h5::object samples(H5Oopen(file, after.dataset.c_str(), H5P_DEFAULT));
  const std::optional<std::string> begin = h5::text_attribute(samples.get(), "PartStartTime");
  const std::optional<std::int64_t> start = begin ? parse_time(*begin) : std::nullopt;
  for (const std::string& path : {after.dataset, raw + "/RawDataTime"}) {
    if (!h5::exists(file, path)) continue;
    const h5::object object(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
    if (start && before.sampling_rate) state_ends(object.get(), *start, before, after);
  }
}

}  // namespace weir::io
