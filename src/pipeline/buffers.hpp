#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <weir/io/recording.hpp>

namespace weir::pipeline {

/// The chunk cache that a reader gets. A chunk is read by one rank and, as blocks follow the chunks where
/// they can, once: HDF5's default is enough, and the reader raises it to one chunk where chunks are unpacked.
constexpr std::size_t reader_cache_bytes(const io::recording&) {
  return std::size_t{1} << 20;
}

/// What a writer holds: it transposes time-first data through a buffer.
constexpr std::size_t writer_bytes(const io::recording& like) {
  constexpr std::uint64_t staging = std::uint64_t{8} << 20;
  return like.axis == io::time_axis::first ? std::min(staging, io::data_bytes(like)) : 0;
}

}  // namespace weir::pipeline
