#include "joined_ends.hpp"

#include <optional>

#include <weir/io/files.hpp>

#include "attributes.hpp"
#include "layout_common.hpp"

namespace weir::io {

namespace {

/// Takes the attribute of an object over from the last file.
void take_end(hid_t target, hid_t last, const std::string& object, const std::string& name) {
  if (!h5::exists(target, object) || !h5::exists(last, object)) return;
  const h5::object from(H5Oopen(last, object.c_str(), H5P_DEFAULT));
  const h5::object to(H5Oopen(target, object.c_str(), H5P_DEFAULT));
  if (const std::optional<std::string> text = h5::text_attribute(from.get(), name)) {
    h5::rewrite_attribute(to.get(), name, *text);
  } else if (const std::optional<double> number = h5::number_attribute(from.get(), name)) {
    h5::rewrite_attribute(to.get(), name, *number);
  }
}

}  // namespace

void tell_whole(hid_t target, const recording& source) {
  if (source.files.empty()) return;
  file_descriptions files(source);
  const recording& first = files[0];
  const time_marks marks = layout_named(source.layout).times(target, source);
  const h5::file last = h5::open_for_reading(source.files.back().path);
  for (const auto& [object, name] : marks.of_ends) take_end(target, last.get(), object, name);
  for (const auto& [object, name] : marks.counts) {
    if (!h5::exists(target, object)) continue;
    const h5::object counted(H5Oopen(target, object.c_str(), H5P_DEFAULT));
    change_count(counted.get(), name, first, source);
  }
}

void tell_lengths(hid_t target, const recording& source, const recording& part) {
  if (source.files.empty() && part.samples == source.samples) return;
  for (const auto& [path, added] : layout_named(source.layout).times(target, source).lengths) {
    set_number_at(target, path, static_cast<double>(part.samples) + added);
  }
}

}  // namespace weir::io
