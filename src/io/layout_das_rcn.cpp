#include <fmt/format.h>

#include "attributes.hpp"
#include "layout_common.hpp"
#include "time_text.hpp"

namespace weir::io {

namespace {

// The Research Coordination Network's minimal format (github.com/DAS-RCN/RCN_DASformat).
constexpr const char path[] = "/traces";

std::optional<std::string> recognise(hid_t file) {
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  const bool is_theirs =
      h5::exists(file, path) && h5::has_attribute(root.get(), "t0") && h5::has_attribute(root.get(), "dt");
  if (!is_theirs) return std::nullopt;
  return fmt::format("layout das-rcn: it has {}, and the root has t0 and dt", path);
}

std::optional<time_axis> describe(hid_t file, hid_t, recording& what) {
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  take_rate_of_interval(what, h5::number_attribute(root.get(), "dt"), "/@dt");
  if (const std::optional<double> start = h5::number_attribute(root.get(), "t0")) {
    what.start_ns = nanoseconds(*start);
    if (what.start_ns) what.start_time = time_text(*what.start_ns);
  }
  const std::string domain = h5::text_attribute(root.get(), "domain").value_or("");
  what.unit = domain == "Strain" ? "m/m" : domain == "Strainrate" ? "m/m/s" : "";
  what.reasons.emplace_back("time axis 0: traces are samples by channels");
  return time_axis::first;
}

void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  warn_of_channels(source, how, warnings);
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  const std::optional<double> seconds = seconds_cut(source, how);
  const std::optional<double> start = h5::number_attribute(root.get(), "t0");
  if (seconds && start) h5::rewrite_attribute(root.get(), "t0", *start + *seconds);
}

void change_rate(hid_t file, const recording&, const recording& after) {
  const h5::object root(H5Oopen(file, "/", H5P_DEFAULT));
  if (after.sampling_rate) h5::rewrite_attribute(root.get(), "dt", 1 / *after.sampling_rate);
}

}  // namespace

const layout das_rcn_layout{.name = "das-rcn",
                            .recognise = recognise,
                            .candidates = only_candidate<path>,
                            .knows = is_only_candidate<path>,
                            .describe = describe,
                            .retell = retell,
                            .change_rate = change_rate};

}  // namespace weir::io
