#pragma once

#include <cstddef>

#include <weir/io/recording.hpp>

namespace weir::pipeline {

/// The chunk cache that a reader gets. A chunk is read by one rank and, as blocks follow the chunks where
/// they can, once: HDF5's default is enough, and the reader raises it to one chunk where chunks are unpacked.
constexpr std::size_t reader_cache_bytes(const io::recording&) {
  return std::size_t{1} << 20;
}

}  // namespace weir::pipeline
