#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <weir/io/node_file.hpp>
#include <weir/io/recording.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Raw data starts on pages, so that two ranks never share one.
inline constexpr std::uint64_t page_bytes = 4096;

/// Properties to create a file with into which create_samples() then puts the dataset of `what`.
h5::properties access_for(const recording& what);

/// Creates the dataset of `what`, without a name yet (H5Olink gives it one). It must be the file's first
/// object: HDF5 then puts its chunks one behind the other. Unfiltered data is allocated at once; nothing is
/// written to it. `source`, if valid, is a dataset whose largest extents and fill value are taken over. With
/// `joined` it is a virtual dataset, which has no samples of its own.
h5::dataset create_samples(hid_t file, const recording& what, hid_t source,
                           std::span<const joined_rectangle> joined = {});

/// The bytes of a dataset's fill value, if one was set.
std::vector<std::uint8_t> fill_of(hid_t dataset, sample_type type);

/// Where the early allocated data of a dataset lies. @throws weir::error internal where it is not plain
/// arithmetic.
placement placement_of(hid_t dataset, const recording& what);

/// How many chunks the dataset has.
std::uint64_t chunk_count(const recording& what);

/// Bytes from the first to behind the last that the dataset occupies in the file.
std::uint64_t placed_bytes(const recording& what);

}  // namespace weir::io
