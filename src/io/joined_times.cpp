#include "joined_times.hpp"

#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/io/files.hpp>

#include "attributes.hpp"
#include "layout_common.hpp"

namespace weir::io {

namespace {

std::size_t entries_of(hid_t dataset) {
  const std::vector<hsize_t> extents = h5::extents_of(dataset);
  return extents.empty() ? 1 : extents.front();
}

h5::dataspace entries_of_space(hid_t dataset, index_range entries) {
  h5::dataspace space(h5::check(H5Dget_space(dataset), "cannot read times"));
  const std::vector<hsize_t> extents = h5::extents_of(dataset);
  std::vector<hsize_t> begin(extents.size(), 0);
  std::vector<hsize_t> count(extents);
  begin.front() = entries.begin;
  count.front() = entries.size();
  h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr),
            "cannot select times");
  return space;
}

h5::dataset open_times(hid_t file, const std::string& path) {
  return h5::dataset(h5::check(H5Dopen2(file, path.c_str(), H5P_DEFAULT), "cannot open " + path));
}

/// An empty dataset like `times`, with room for all files' entries, without a name.
h5::dataset create_longer(hid_t target, hid_t times, std::size_t entries) {
  std::vector<hsize_t> extents = h5::extents_of(times);
  extents.front() = entries;
  const h5::datatype type(H5Dget_type(times));
  const h5::dataspace space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
  const h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(created.get(), false);
  return h5::dataset(h5::check(H5Dcreate_anon(target, type.get(), space.get(), created.get(), H5P_DEFAULT),
                               "cannot create times"));
}

/// Copies the entries of one file, which has as many as samples.
void append_times(const recording& file, index_range place, const std::string& path, hid_t longer) {
  const h5::file from = h5::open_for_reading(file.path);
  const h5::dataset times = h5::exists(from.get(), path) ? open_times(from.get(), path) : h5::dataset();
  if (!times || entries_of(times.get()) != file.samples) {
    throw error(exit_code::bad_data,
                fmt::format("'{}' has no {} with a time for each of its {} samples, as the first file has; "
                            "name files of one recording",
                            file.path, path, file.samples));
  }
  const h5::datatype stored(H5Dget_type(longer));
  const h5::datatype memory(H5Tget_native_type(stored.get(), H5T_DIR_ASCEND));
  const h5::dataspace in_file(H5Dget_space(times.get()));
  const auto values = static_cast<std::size_t>(H5Sget_simple_extent_npoints(in_file.get()));
  std::vector<std::byte> bytes(values * H5Tget_size(memory.get()));
  const hsize_t count = values;
  const h5::dataspace in_memory(H5Screate_simple(1, &count, nullptr));
  h5::check(H5Dread(times.get(), memory.get(), in_memory.get(), H5S_ALL, H5P_DEFAULT, bytes.data()),
            fmt::format("cannot read {} in '{}'", path, file.path));
  const h5::dataspace in_longer = entries_of_space(longer, place);
  h5::check(H5Dwrite(longer, memory.get(), in_memory.get(), in_longer.get(), H5P_DEFAULT, bytes.data()),
            "cannot write " + path);
}

/// Takes the attribute of an object over from the last file.
void take_end(hid_t target, hid_t last, const std::string& object, const std::string& name) {
  if (!h5::exists(target, object) || !h5::exists(last, object)) return;
  const h5::object from(H5Oopen(last, object.c_str(), H5P_DEFAULT));
  const h5::object to(H5Oopen(target, object.c_str(), H5P_DEFAULT));
  if (const std::optional<std::string> text = h5::text_attribute(from.get(), name)) {
    h5::replace_text(to.get(), name, *text);
  } else if (const std::optional<double> number = h5::number_attribute(from.get(), name)) {
    h5::replace_number(to.get(), name, *number);
  }
}

void set_count(hid_t target, const std::string& object, const std::string& name) {
  if (!h5::exists(target, object)) return;
  const h5::dataset counted(H5Dopen2(target, object.c_str(), H5P_DEFAULT));
  double entries = 1;
  for (const hsize_t extent : h5::extents_of(counted.get())) entries *= static_cast<double>(extent);
  h5::replace_number(counted.get(), name, entries);
}

}  // namespace

joined_times::joined_times(hid_t first_file, hid_t target, const recording& source)
    : source_(source), marks_(layout_named(source.layout).times(first_file, source)) {
  file_descriptions files(source);
  for (const std::string& path : marks_.of_samples) {
    if (!h5::exists(first_file, path)) continue;
    h5::dataset times = open_times(first_file, path);
    if (entries_of(times.get()) != files.samples(0).size()) continue;
    h5::dataset longer = create_longer(target, times.get(), source.samples);
    for (std::size_t i = 0; i < files.size(); ++i) {
      append_times(files[i], files.samples(i), path, longer.get());
    }
    datasets_.push_back({std::move(times), std::move(longer)});
  }
}

void joined_times::replace_in(tree_copy& copy) const {
  for (const lengthened& one : datasets_) copy.replace(one.from.get(), one.to.get());
}

void joined_times::set_attributes(hid_t target) const {
  const h5::file last = h5::open_for_reading(source_.files.back().path);
  for (const auto& [object, name] : marks_.of_ends) take_end(target, last.get(), object, name);
  for (const auto& [object, name] : marks_.counts) set_count(target, object, name);
  for (const auto& [path, added] : marks_.lengths) {
    set_number_at(target, path, static_cast<double>(source_.samples) + added);
  }
}

}  // namespace weir::io
