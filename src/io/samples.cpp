#include "samples.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include <weir/partition.hpp>

namespace weir::io {

namespace {

/// Two values in the order of the dataset's axes; the second alone for a dataset of one dimension.
std::vector<hsize_t> in_file_order(const recording& what, std::size_t channels, std::size_t samples) {
  if (what.dimensions == 1) return {samples};
  if (what.axis == time_axis::first) return {samples, channels};
  return {channels, samples};
}

std::uint64_t chunk_bytes(const recording& what) {
  return std::uint64_t{what.store.chunk_channels} * what.store.chunk_samples * size_of(what.type);
}

void take_fill_value(hid_t source, hid_t created, sample_type type) {
  const std::vector<std::uint8_t> value = fill_of(source, type);
  if (!value.empty()) H5Pset_fill_value(created, h5::native(type), value.data());
}

h5::dataspace space_for(const recording& what, hid_t source) {
  const std::vector<hsize_t> extents = in_file_order(what, what.channels, what.samples);
  std::vector<hsize_t> largest = extents;
  if (source >= 0 && what.store.chunked) {
    // A recording that could grow can still grow when it is filtered.
    const h5::dataspace of_source(H5Dget_space(source));
    std::vector<hsize_t> of_source_now(extents.size());
    std::vector<hsize_t> of_source_largest(extents.size());
    H5Sget_simple_extent_dims(of_source.get(), of_source_now.data(), of_source_largest.data());
    for (std::size_t i = 0; i < largest.size(); ++i) {
      if (of_source_largest[i] > of_source_now[i]) largest[i] = std::max(extents[i], of_source_largest[i]);
    }
  }
  return h5::dataspace(
      h5::check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), largest.data()),
                "cannot make a shape"));
}

h5::properties creation_for(const recording& what) {
  h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(created.get(), false);
  if (what.store.chunked) {
    const std::vector<hsize_t> chunk =
        in_file_order(what, what.store.chunk_channels, what.store.chunk_samples);
    H5Pset_chunk(created.get(), static_cast<int>(chunk.size()), chunk.data());
  }
  if (what.store.shuffle) H5Pset_shuffle(created.get());
  if (what.store.gzip_level) H5Pset_deflate(created.get(), static_cast<unsigned>(*what.store.gzip_level));
  if (!what.store.filtered) {
    H5Pset_alloc_time(created.get(), H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(created.get(), H5D_FILL_TIME_NEVER);
  }
  return created;
}

/// A shape, of which a rectangle is selected.
h5::dataspace selection(const recording& what, std::size_t channels, std::size_t samples,
                        index_range of_channels, index_range of_samples) {
  const std::vector<hsize_t> extents = in_file_order(what, channels, samples);
  const std::vector<hsize_t> begin = in_file_order(what, of_channels.begin, of_samples.begin);
  const std::vector<hsize_t> count = in_file_order(what, of_channels.size(), of_samples.size());
  h5::dataspace space(h5::check(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr),
                                "cannot make a shape"));
  h5::check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, begin.data(), nullptr, count.data(), nullptr),
            "cannot select a rectangle", exit_code::internal);
  return space;
}

/// HDF5 takes `%b` in the name of a source for a number, and `%%` for the sign itself.
std::string source_name(const std::string& path) {
  std::string name;
  for (const char letter : std::filesystem::path(path).filename().string()) {
    name += letter == '%' ? "%%" : std::string(1, letter);
  }
  return name;
}

void join(hid_t created, const recording& what, const joined_rectangle& one) {
  const h5::dataspace in_output = selection(what, what.channels, what.samples, one.channels, one.samples);
  const h5::dataspace in_file =
      selection(what, one.file_channels, one.file_samples,
                {one.channels.begin - one.first_channel, one.channels.end - one.first_channel},
                {one.samples.begin - one.first_sample, one.samples.end - one.first_sample});
  h5::check(
      H5Pset_virtual(created, in_output.get(), source_name(one.path).c_str(), node_dataset, in_file.get()),
      fmt::format("cannot join '{}'", one.path));
}

haddr_t chunk_address(hid_t dataset, hid_t space, std::uint64_t index) {
  haddr_t address = HADDR_UNDEF;
  h5::check(H5Dget_chunk_info(dataset, space, index, nullptr, nullptr, &address, nullptr),
            "cannot find where a chunk lies");
  return address;
}

}  // namespace

h5::properties access_for(const recording& what) {
  h5::properties access = h5::make_properties(H5P_FILE_ACCESS);
  // The earliest format keeps no consistency flags: the file of a run that was killed opens.
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  if (what.store.filtered) return access;

  constexpr hsize_t aligned_from = 64 << 10;
  const std::uint64_t unit = what.store.chunked ? chunk_bytes(what) : data_bytes(what);
  H5Pset_alignment(access.get(), std::min<hsize_t>(aligned_from, unit), page_bytes);
  H5Pset_small_data_block_size(access.get(), 0);
  if (what.store.chunked) {
    // The index of all chunks must fit into one block of metadata: a second one would come to lie between
    // chunks. A B-tree node of 2,616 bytes holds 57 of 64 chunks after splits in ascending order, so 47 bytes
    // a chunk.
    constexpr hsize_t index_bytes_a_chunk = 64;
    constexpr hsize_t other_metadata = 64 << 10;
    H5Pset_meta_block_size(access.get(), chunk_count(what) * index_bytes_a_chunk + other_metadata);
  }
  return access;
}

h5::dataset create_samples(hid_t file, const recording& what, hid_t source,
                           std::span<const joined_rectangle> joined) {
  h5::properties created = joined.empty() ? creation_for(what) : h5::make_properties(H5P_DATASET_CREATE);
  for (const joined_rectangle& one : joined) join(created.get(), what, one);
  if (!joined.empty()) H5Pset_obj_track_times(created.get(), false);
  if (source >= 0) take_fill_value(source, created.get(), what.type);
  const h5::dataspace space = space_for(what, source);
  return h5::dataset(
      h5::check(H5Dcreate_anon(file, h5::native(what.type), space.get(), created.get(), H5P_DEFAULT),
                fmt::format("cannot create {}", what.dataset)));
}

std::vector<std::uint8_t> fill_of(hid_t dataset, sample_type type) {
  const h5::properties created(H5Dget_create_plist(dataset));
  H5D_fill_value_t state = H5D_FILL_VALUE_UNDEFINED;
  if (H5Pfill_value_defined(created.get(), &state) < 0 || state != H5D_FILL_VALUE_USER_DEFINED) return {};
  std::vector<std::uint8_t> value(size_of(type));
  if (H5Pget_fill_value(created.get(), h5::native(type), value.data()) < 0) return {};
  return value;
}

placement placement_of(hid_t dataset, const recording& what) {
  if (what.store.filtered) {
    throw error(exit_code::internal, fmt::format("{} is compressed and has no fixed place", what.dataset));
  }
  if (!what.store.chunked) {
    const haddr_t address = H5Dget_offset(dataset);
    if (address == HADDR_UNDEF) {
      throw error(exit_code::internal, fmt::format("{} was not allocated when it was created", what.dataset));
    }
    return {address, 0};
  }
  const std::uint64_t chunks = chunk_count(what);
  const h5::dataspace space(H5Dget_space(dataset));
  hsize_t allocated = 0;
  h5::check(H5Dget_num_chunks(dataset, space.get(), &allocated), "cannot count chunks");
  if (allocated != chunks) {
    throw error(exit_code::internal,
                fmt::format("{} has {} chunks of which {} are allocated", what.dataset, chunks, allocated));
  }
  // HDF5 allocates chunks in ascending order, each at the next page behind the one before; so if the last one
  // lies where arithmetic says, no gap came between any two. Finding a chunk takes HDF5 a walk over the
  // index: look at three.
  const placement where{chunk_address(dataset, space.get(), 0), round_up(chunk_bytes(what), page_bytes)};
  for (const std::uint64_t index : {chunks / 2, chunks - 1}) {
    if (chunk_address(dataset, space.get(), index) != where.first_byte + index * where.chunk_stride) {
      throw error(exit_code::internal, fmt::format("chunk {} of {} lies out of order", index, what.dataset));
    }
  }
  return where;
}

std::uint64_t chunk_count(const recording& what) {
  return std::uint64_t{ceil_div(what.channels, what.store.chunk_channels)} *
         ceil_div(what.samples, what.store.chunk_samples);
}

std::uint64_t placed_bytes(const recording& what) {
  if (!what.store.chunked) return data_bytes(what);
  return (chunk_count(what) - 1) * round_up(chunk_bytes(what), page_bytes) + chunk_bytes(what);
}

}  // namespace weir::io
