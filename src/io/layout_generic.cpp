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

/// The name of the object's attribute that says the rate.
std::optional<std::string> rate_attribute(hid_t object) {
  std::vector<std::string> names;
  const auto collect_name = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  h5::check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names),
            "cannot list attributes");
  for (const std::string_view wanted : rate_names) {
    for (const std::string& name : names) {
      if (lower(name) == wanted && h5::number_attribute(object, name)) return name;
    }
  }
  return std::nullopt;
}

/// Calls `f(object, path)` for the dataset, its group and the root, where a rate may be, until it says true.
template <class F>
bool any_place_of_rate(hid_t file, const recording& what, F&& f) {
  for (const std::string& path : {what.dataset, h5::parent_of(what.dataset), std::string("/")}) {
    const h5::object object(h5::check(H5Oopen(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
    if (f(object.get(), path)) return true;
  }
  return false;
}

bool take_rate(hid_t object, const std::string& path, recording& what) {
  const std::optional<std::string> name = rate_attribute(object);
  if (!name) return false;
  what.sampling_rate = h5::number_attribute(object, *name);
  what.reasons.push_back(fmt::format("sampling rate {} Hz: {}@{}", *what.sampling_rate, path, *name));
  return true;
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
  any_place_of_rate(file, what,
                    [&](hid_t object, const std::string& path) { return take_rate(object, path, what); });
  for (const char* name : {"unit", "units"}) {
    if (what.unit.empty()) what.unit = h5::text_attribute(dataset, name).value_or("");
  }
  // The netCDF conventions' names (CF 1.10, section 8.1).
  what.scale = h5::number_attribute(dataset, "scale_factor").value_or(1.0);
  what.offset = h5::number_attribute(dataset, "add_offset").value_or(0.0);
  return axis_from_labels(dataset, what);
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

/// Times by a common name, beside the dataset or in the root.
std::vector<sample_axis> axes(hid_t file, const recording& what) {
  std::vector<sample_axis> found;
  for (const std::string& group : {h5::parent_of(what.dataset), std::string("/")}) {
    for (const char* name : {"time", "times", "timestamp", "timestamps", "t"}) {
      const sample_axis axis{.path = fmt::format("{}/{}", group == "/" ? "" : group, name), .is_guess = true};
      const bool is_known = std::any_of(found.begin(), found.end(),
                                        [&](const sample_axis& other) { return other.path == axis.path; });
      if (!is_known && axis.path != what.dataset && is_sample_axis(file, axis.path, what))
        found.push_back(axis);
    }
  }
  return found;
}

/// A rate that only the user said is said by the output too: it has no other.
void change_rate(hid_t file, const recording&, const recording& after) {
  if (!after.sampling_rate) return;
  const bool is_said = any_place_of_rate(file, after, [&](hid_t object, const std::string&) {
    const std::optional<std::string> name = rate_attribute(object);
    if (name) h5::rewrite_attribute(object, *name, *after.sampling_rate);
    return name.has_value();
  });
  if (is_said) return;
  const h5::dataset samples(
      h5::check(H5Dopen2(file, after.dataset.c_str(), H5P_DEFAULT), "cannot open the samples"));
  h5::set_attribute(samples.get(), "sampling_rate", *after.sampling_rate);
}

}  // namespace

const layout generic_layout{.name = "generic",
                            .recognise = recognise,
                            .candidates = candidates,
                            .knows = knows,
                            .describe = describe,
                            .retell = retell,
                            .change_rate = change_rate,
                            .axes = axes};

}  // namespace weir::io
