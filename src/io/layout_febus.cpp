#include <fmt/format.h>

#include "layout_common.hpp"

namespace weir::io {

namespace {

/// The first /DEVICE/Source1/Zone1; empty if there is none.
std::string zone_of(hid_t file) {
  const h5::group root(H5Gopen2(file, "/", H5P_DEFAULT));
  for (const std::string& name : h5::links_of(root.get())) {
    std::string zone = fmt::format("/{}/Source1/Zone1", name);
    if (h5::exists(file, zone)) return zone;
  }
  return {};
}

std::optional<std::string> recognise(hid_t file) {
  const std::string zone = zone_of(file);
  if (zone.empty()) return std::nullopt;
  return fmt::format("layout febus: it has {}", zone);
}

/// Febus stores blocks that overlap in time, in three dimensions: a filter wants them put together first.
std::vector<std::string> candidates(hid_t file) {
  throw error(
      exit_code::bad_data,
      fmt::format("the file is of the layout febus (it has {}): blocks that overlap in time, in three "
                  "dimensions, which weir does not put together; write the samples as one dataset of "
                  "time by distance first",
                  zone_of(file)));
}

bool knows(hid_t, const std::string&) {
  return false;
}

std::optional<time_axis> describe(hid_t, hid_t, recording&) {
  return std::nullopt;
}

void retell(hid_t, const recording&, const derivation&, std::vector<std::string>&) {}

void change_rate(hid_t, const recording&, const recording&) {}

}  // namespace

const layout febus_layout{.name = "febus",
                          .recognise = recognise,
                          .candidates = candidates,
                          .knows = knows,
                          .describe = describe,
                          .retell = retell,
                          .change_rate = change_rate};

}  // namespace weir::io
