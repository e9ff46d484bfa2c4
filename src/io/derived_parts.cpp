#include "derived_parts.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "entries.hpp"
#include "references.hpp"
#include "stretched_axis.hpp"

namespace weir::io {

namespace {

h5::dataset open_dataset(hid_t file, const std::string& path) {
  return h5::dataset(h5::check(H5Dopen2(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
}

/// Consecutive entries, and where they go.
struct entry_run {
  index_range from;
  std::size_t to = 0;
};

std::vector<entry_run> runs_of(const std::vector<std::size_t>& channels) {
  std::vector<entry_run> runs;
  for (std::size_t i = 0; i < channels.size(); ++i) {
    if (runs.empty() || runs.back().from.end != channels[i]) runs.push_back({{channels[i], channels[i]}, i});
    runs.back().from.end = channels[i] + 1;
  }
  return runs;
}

}  // namespace

derived_parts::derived_parts(hid_t first_file, hid_t target, const recording& source, const derivation& how)
    : source_(source), files_(source), samples_(source.samples), how_(how) {
  const bool changes_samples = files_.size() > 1 || how.samples || !how.rate.is_one() || source.rate_is_said;
  if (!changes_samples && how.channels.empty()) return;
  for (const part& one : parts_of(first_file, files_[0])) {
    if (one.by_channel ? how.channels.empty() : !changes_samples) continue;
    if (!h5::exists(first_file, one.path)) continue;
    h5::dataset from = open_dataset(first_file, one.path);
    if (one.by_channel || how.samples) require_own(first_file, one.path);
    h5::dataset made = make(one, from.get(), target);
    if (!made) continue;
    warn_of(one, from.get());
    made_.emplace_back(std::move(from), std::move(made));
  }
}

void derived_parts::warn_of(const part& one, hid_t source) {
  if (one.is_guess && (one.by_channel || how_.samples)) {
    warnings_.push_back(fmt::format("{} has as many values as the input has {}, and is cut with them",
                                    one.path, one.by_channel ? "channels" : "samples"));
  }
  const h5::datatype type(H5Dget_type(source));
  if (holds_references(type.get())) {
    warnings_.push_back(
        fmt::format("{} holds references, which are not carried over with a part of it", one.path));
  }
}

std::vector<derived_parts::part> derived_parts::parts_of(hid_t file, const recording& first) {
  const layout& told_by = layout_named(first.layout);
  std::vector<part> found;
  for (const sample_axis& axis : told_by.axes(file, first)) {
    found.push_back({.path = axis.path, .is_guess = axis.is_guess, .is_axis = true, .axis = axis});
  }
  const axis_parts parts = told_by.parts(file, first);
  for (const std::string& path : parts.of_samples) {
    if (std::ranges::find(found, path, &part::path) == found.end()) {
      found.push_back({.path = path, .is_guess = parts.is_guess});
    }
  }
  for (const std::string& path : parts.of_channels) {
    found.push_back({.path = path, .by_channel = true, .is_guess = parts.is_guess});
  }
  return found;
}

std::vector<replaced_dataset> derived_parts::replaced() const {
  std::vector<replaced_dataset> list;
  for (const auto& [from, made] : made_) list.push_back({from.get(), made.get()});
  return list;
}

/// Nothing where the copy of the first file's is right.
h5::dataset derived_parts::make(const part& one, hid_t source, hid_t target) {
  if (one.by_channel) return cut(one, source, target);
  const std::optional<double> longer =
      one.is_axis ? stretch_of(source, one.axis, source_) : std::optional<double>();
  h5::dataset made = of_samples_left(one, source, target);
  if (!longer) return made;
  if (!made) {
    made = create_like(source, target, entry_count(source));
    copy_entries(source, {0, entry_count(source)}, made.get(), 0);
  }
  stretch(made.get(), source, *longer);
  return made;
}

h5::dataset derived_parts::of_samples_left(const part& one, hid_t source, hid_t target) {
  h5::dataset whole;
  if (files_.size() > 1) {
    whole = joined(one, source, target);
    if (!whole) return {};
  }
  const hid_t entries = whole ? whole.get() : source;
  if (one.is_axis && !how_.rate.is_one()) {
    const index_range outputs = how_.rate.outputs_in(how_.samples.value_or(index_range{0, samples_}));
    return resampled_axis(entries, target, how_.rate, outputs, one.axis.interpolates);
  }
  if (how_.samples && how_.rate.is_one()) return cut(one, entries, target);
  return whole;
}

h5::dataset derived_parts::joined(const part& one, hid_t source, hid_t target) {
  h5::dataset longer = create_like(source, target, samples_);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const recording& of_file = files_[i];
    const h5::file file = h5::open_for_reading(of_file.path);
    const h5::dataset entries =
        h5::exists(file.get(), one.path) ? open_dataset(file.get(), one.path) : h5::dataset();
    if (!entries || entry_count(entries.get()) != of_file.samples) {
      if (one.is_guess) return {};
      throw error(
          exit_code::bad_data,
          fmt::format("'{}' has no {} with an entry for each of its {} samples, as the first file has; "
                      "name files of one recording",
                      of_file.path, one.path, of_file.samples));
    }
    copy_entries(entries.get(), {0, of_file.samples}, longer.get(), files_.samples(i).begin);
  }
  return longer;
}

h5::dataset derived_parts::cut(const part& one, hid_t source, hid_t target) const {
  h5::dataset made =
      create_like(source, target, one.by_channel ? how_.channels.size() : how_.samples->size());
  const std::vector<entry_run> runs =
      one.by_channel ? runs_of(how_.channels) : std::vector<entry_run>{{*how_.samples, 0}};
  for (const entry_run& run : runs) copy_entries(source, run.from, made.get(), run.to);
  return made;
}

void derived_parts::require_own(hid_t file, const std::string& path) const {
  H5O_info_t info{};
  h5::check(H5Oget_info_by_name(file, path.c_str(), &info, H5P_DEFAULT), "cannot read " + path);
  H5L_info_t link{};
  h5::check(H5Lget_info(file, path.c_str(), &link, H5P_DEFAULT), "cannot read the link " + path);
  if (link.type == H5L_TYPE_HARD && info.rc == 1) return;
  throw error(
      exit_code::bad_data,
      fmt::format("{} has entries for other recordings of the file too and cannot be cut for this one; "
                  "filter all of it, or copy the recording into a file of its own first",
                  path));
}

}  // namespace weir::io
