#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "attributes.hpp"
#include "layouts.hpp"

namespace weir::io {

namespace {

/// In small letters, compared without regard to case; in hertz all of them.
constexpr std::array<std::string_view, 12> rate_names{"fs",
                                                      "sampling_rate",
                                                      "sampling_frequency",
                                                      "samplingrate",
                                                      "samplingfrequency",
                                                      "sample_rate",
                                                      "samplerate",
                                                      "rate",
                                                      "srate",
                                                      "sfreq",
                                                      "frequency_sampling",
                                                      "samplingfrequency[hz]"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

std::optional<std::string> recognise(hid_t) {
  return "layout generic: no layout that weir knows by name";
}

struct found_datasets {
  hid_t file = H5I_INVALID_HID;
  std::array<std::vector<std::string>, 2> numeric;  ///< of one and of two dimensions
};

bool is_numeric(hid_t dataset) {
  const h5::datatype type(H5Dget_type(dataset));
  const H5T_class_t kind = H5Tget_class(type.get());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

herr_t collect(hid_t root, const char* name, const H5O_info_t* info, void* data) {
  auto& found = *static_cast<found_datasets*>(data);
  const std::string path = fmt::format("/{}", name);
  if (info->type != H5O_TYPE_DATASET || path.starts_with(fmt::format("{}/", provenance_group))) return 0;
  const h5::dataset dataset(H5Dopen2(root, name, H5P_DEFAULT));
  if (!dataset || !is_numeric(dataset.get())) return 0;
  const std::size_t dimensions = h5::extents_of(dataset.get()).size();
  if (dimensions == 1 || dimensions == 2) found.numeric[dimensions - 1].push_back(path);
  return 0;
}

/// Datasets of one dimension are taken for recordings only where there is none of two: beside those they are
/// axes.
std::vector<std::string> candidates(hid_t file) {
  found_datasets found;
  h5::check(H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, collect, &found), "cannot list the datasets");
  return found.numeric[found.numeric[1].empty() ? 0 : 1];
}

bool knows(hid_t, const std::string&) {
  return true;
}

bool take_rate(hid_t object, const std::string& path, recording& what) {
  std::vector<std::string> names;
  const auto collect_name = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  h5::check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names),
            "cannot list attributes");
  for (const std::string_view wanted : rate_names) {
    for (const std::string& name : names) {
      if (lower(name) != wanted) continue;
      what.sampling_rate = h5::number_attribute(object, name);
      if (!what.sampling_rate) continue;
      what.reasons.push_back(fmt::format("sampling rate {} Hz: {}@{}", *what.sampling_rate, path, name));
      return true;
    }
  }
  return false;
}

/// DIMENSION_LABELS is what H5DSset_label writes (HDF5 dimension scales specification).
std::optional<time_axis> axis_from_labels(hid_t dataset, recording& what) {
  const std::vector<std::string> labels = h5::texts_attribute(dataset, "DIMENSION_LABELS");
  for (std::size_t i = 0; i < labels.size() && labels.size() == 2; ++i) {
    const std::string label = lower(labels[i]);
    if (label != "time" && label != "times" && label != "samples" && label != "sample") continue;
    what.reasons.push_back(fmt::format("time axis {}: its label is '{}'", i, labels[i]));
    return i == 0 ? time_axis::first : time_axis::last;
  }
  return std::nullopt;
}

std::optional<time_axis> describe(hid_t file, hid_t dataset, recording& what) {
  const std::string group = h5::parent_of(what.dataset);
  for (const std::string& path : {what.dataset, group, std::string("/")}) {
    const h5::object object(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
    if (take_rate(object.get(), path, what)) break;
  }
  for (const char* name : {"unit", "units"}) {
    if (what.unit.empty()) what.unit = h5::text_attribute(dataset, name).value_or("");
  }
  // The netCDF conventions' names (CF 1.10, section 8.1).
  what.scale = h5::number_attribute(dataset, "scale_factor").value_or(1.0);
  what.offset = h5::number_attribute(dataset, "add_offset").value_or(0.0);
  return axis_from_labels(dataset, what);
}

time_marks times(hid_t, const recording&) {
  return {};
}

/// Names of attributes, as the netCDF conventions have them (CF 1.10, section 8.1).
void retell(hid_t file, const recording& source, const derivation& how, std::vector<std::string>&) {
  if (!how.is_physical) return;
  const h5::dataset dataset(
      h5::check(H5Dopen2(file, source.dataset.c_str(), H5P_DEFAULT), "cannot open " + source.dataset));
  if (h5::number_attribute(dataset.get(), "scale_factor"))
    h5::set_attribute(dataset.get(), "scale_factor", 1.0);
  if (h5::number_attribute(dataset.get(), "add_offset")) h5::set_attribute(dataset.get(), "add_offset", 0.0);
}

void mark_filtered(hid_t, const recording&, const std::string&) {}

std::string channel_scales(const recording&) {
  return {};
}

}  // namespace

const layout generic_layout{"generic",      recognise,   candidates, knows,  describe,
                            channel_scales, siblings_of, times,      retell, mark_filtered};

}  // namespace weir::io
