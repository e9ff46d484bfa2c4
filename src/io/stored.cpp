#include "stored.hpp"

#include <array>

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
  store.stored_bytes = H5Dget_storage_size(dataset);
  const H5D_layout_t kind = H5Pget_layout(created.get());
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
