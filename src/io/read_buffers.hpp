#pragma once

#include <cstddef>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

/// How much HDF5 reads ahead and keeps of a recording that is read by its tiles.
namespace weir::io {

/// Bytes of HDF5's chunk cache, of which `asked` are wanted at least. Chunks that go through no filter and
/// are read in parts do not want one: HDF5 then reads the parts alone, straight to where they are wanted.
std::size_t cache_for(const recording& what, std::size_t asked);

/// Bytes that HDF5 reads at least of contiguous data. Rows that are longer than its buffer share nothing of
/// it: it would be filled for each part of one that is read, and most of it for nothing.
std::size_t sieve_for(const recording& what);

/// Properties to open the dataset with a cache of so many bytes.
h5::properties access_with_cache(const recording& what, std::size_t cache);

}  // namespace weir::io
