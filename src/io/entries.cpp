#include "entries.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace weir::io {

namespace {

/// Entries are copied this many bytes at a time, but for one at least.
constexpr std::size_t transfer_bytes = std::size_t{16} << 20;

h5::dataspace entries_of(hid_t dataset, index_range entries) {
  h5::dataspace space(h5::check(H5Dget_space(dataset), "cannot read a shape"));
  std::vector<hsize_t> count = h5::extents_of(dataset);
  std::vector<hsize_t> begin(count.size(), 0);
  begin.front() = entries.begin;
  count.front() = entries.size();
  h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr),
            "cannot select entries");
  return space;
}

/// As the source is stored, with chunks that are not longer than the dataset.
h5::properties creation_like(hid_t source, const std::vector<hsize_t>& extents) {
  h5::properties created(h5::check(H5Dget_create_plist(source), "cannot read how a dataset is stored"));
  H5Pset_obj_track_times(created.get(), false);
  if (H5Pget_layout(created.get()) != H5D_CHUNKED) {
    h5::properties plain = h5::make_properties(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(plain.get(), false);
    return plain;
  }
  std::vector<hsize_t> chunk(extents.size());
  H5Pget_chunk(created.get(), static_cast<int>(chunk.size()), chunk.data());
  chunk.front() = std::min(chunk.front(), extents.front());
  H5Pset_chunk(created.get(), static_cast<int>(chunk.size()), chunk.data());
  return created;
}

std::size_t values_an_entry(hid_t dataset) {
  const std::vector<hsize_t> extents = h5::extents_of(dataset);
  std::size_t values = 1;
  for (std::size_t i = 1; i < extents.size(); ++i) values *= extents[i];
  return values;
}

}  // namespace

std::size_t entry_count(hid_t dataset) {
  const std::vector<hsize_t> extents = h5::extents_of(dataset);
  return extents.empty() ? 1 : extents.front();
}

h5::dataset create_like(hid_t source, hid_t target_file, std::size_t entries) {
  std::vector<hsize_t> extents = h5::extents_of(source);
  extents.front() = entries;
  const h5::datatype stored(H5Dget_type(source));
  const h5::dataspace space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr));
  return h5::dataset(h5::check(H5Dcreate_anon(target_file, stored.get(), space.get(),
                                              creation_like(source, extents).get(), H5P_DEFAULT),
                               fmt::format("cannot create {} anew", h5::path_of(source))));
}

void copy_entries(hid_t source, index_range entries, hid_t target, std::size_t to) {
  const std::string what = fmt::format("cannot copy entries of {}", h5::path_of(source));
  const h5::datatype stored(H5Dget_type(target));
  const h5::datatype memory(H5Tcopy(stored.get()));
  const std::size_t values = values_an_entry(source);
  const std::size_t entry_bytes = std::max<std::size_t>(1, values * H5Tget_size(memory.get()));
  const std::size_t most = std::max<std::size_t>(1, transfer_bytes / entry_bytes);
  std::vector<std::byte> buffer(std::min(most, entries.size()) * entry_bytes);
  for (std::size_t at = entries.begin; at < entries.end; at += most) {
    const index_range here{at, std::min(at + most, entries.end)};
    const std::size_t there = to + (at - entries.begin);
    const hsize_t points = here.size() * values;
    const h5::dataspace in_memory(H5Screate_simple(1, &points, nullptr));
    const h5::dataspace from = entries_of(source, here);
    const h5::dataspace into = entries_of(target, {there, there + here.size()});
    h5::check(H5Dread(source, memory.get(), in_memory.get(), from.get(), H5P_DEFAULT, buffer.data()), what);
    h5::check(H5Dwrite(target, memory.get(), in_memory.get(), into.get(), H5P_DEFAULT, buffer.data()), what);
    H5Dvlen_reclaim(memory.get(), in_memory.get(), H5P_DEFAULT, buffer.data());
  }
}

}  // namespace weir::io
