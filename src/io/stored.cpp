#include "stored.hpp"

#include <array>
#include <filesystem>

#include <fmt/format.h>

namespace weir::io {

namespace {

void take_filters(hid_t created, const recording& what, storage& store) {
  const int count = H5Pget_nfilters(created);
  store.filtered = count > 0;
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::array<unsigned, 8> values{};
    std::size_t value_count = values.size();
    std::array<char, 64> name{};
    const H5Z_filter_t filter = H5Pget_filter2(created, static_cast<unsigned>(i), &flags, &value_count,
                                               values.data(), name.size(), name.data(), nullptr);
    if (filter == H5Z_FILTER_DEFLATE) store.gzip_level = static_cast<int>(values[0]);
    if (filter == H5Z_FILTER_SHUFFLE) store.shuffle = true;
    if (H5Zfilter_avail(filter) <= 0) {
      throw error(
          exit_code::bad_data,
          fmt::format("{} in '{}' is packed with the HDF5 filter {} ({}), which is not installed: name its "
                      "folder in HDF5_PLUGIN_PATH, or repack the file with 'h5repack -f GZIP=4'",
                      what.dataset, what.path, static_cast<int>(filter), name.data()));
    }
  }
}

/// HDF5 reads the fill value where a source of a virtual dataset is missing, without a word.
void require_sources(hid_t created, const recording& what) {
  std::size_t count = 0;
  h5::check(H5Pget_virtual_count(created, &count), "cannot list the sources of " + what.dataset);
  for (std::size_t i = 0; i < count; ++i) {
    const ssize_t length = H5Pget_virtual_filename(created, i, nullptr, 0);
    std::string name(static_cast<std::size_t>(length) + 1, '\0');
    H5Pget_virtual_filename(created, i, name.data(), name.size());
    name.pop_back();
    if (name == ".") continue;
    if (name.find("%b") != std::string::npos) {
      throw error(
          exit_code::bad_data,
          fmt::format("{} in '{}' is a virtual dataset over the numbered files '{}', of which a missing one "
                      "would read as zeros: copy it into one dataset with h5repack first",
                      what.dataset, what.path, name));
    }
    const std::filesystem::path beside = std::filesystem::path(what.path).parent_path() / name;
    std::error_code fault;
    if (!std::filesystem::exists(beside, fault) && !std::filesystem::exists(name, fault)) {
      throw error(exit_code::bad_data,
                  fmt::format("{} in '{}' is a virtual dataset, and its source '{}' is missing: "
                              "put it beside the file",
                              what.dataset, what.path, name));
    }
  }
}

}  // namespace

std::optional<sample_type> sample_type_from(hid_t type) {
  const std::size_t bytes = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      if (bytes == 2) return H5Tget_sign(type) == H5T_SGN_NONE ? sample_type::uint16 : sample_type::int16;
      if (bytes == 4 && H5Tget_sign(type) != H5T_SGN_NONE) return sample_type::int32;
      return std::nullopt;
    case H5T_FLOAT:
      if (bytes == 4) return sample_type::float32;
      if (bytes == 8) return sample_type::float64;
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

storage storage_of(hid_t dataset, const recording& what) {
  const h5::properties created(
      h5::check(H5Dget_create_plist(dataset), "cannot read how " + what.dataset + " is stored"));
  storage store;
  const H5D_layout_t kind = H5Pget_layout(created.get());
  if (kind == H5D_VIRTUAL) require_sources(created.get(), what);
  if (kind != H5D_CHUNKED) return store;

  store.chunked = true;
  std::array<hsize_t, 2> chunk{1, 1};
  H5Pget_chunk(created.get(), what.dimensions, chunk.data());
  if (what.dimensions == 1) chunk = {1, chunk[0]};
  store.chunk_channels = chunk[what.axis == time_axis::first ? 1 : 0];
  store.chunk_samples = chunk[what.axis == time_axis::first ? 0 : 1];
  take_filters(created.get(), what, store);
  return store;
}

}  // namespace weir::io
