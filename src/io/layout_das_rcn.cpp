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

time_marks times(hid_t, const recording&) {
  return {};
}

}  // namespace

const layout das_rcn_layout{"das-rcn",     recognise,         only_candidate<path>, is_only_candidate<path>,
                            describe,      no_channel_scales, siblings_of,          times,
                            retell_little, mark_nothing};

}  // namespace weir::io
