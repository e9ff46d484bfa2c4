#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"
#include "kept_chunks.hpp"

namespace weir::io {

/// Unpacks chunks that went through HDF5's deflate, with its shuffle ahead of it or without, two to four
/// times as fast as HDF5 does and in memory that is known: HDF5 gives the chunks as they lie in the file,
/// libdeflate inflates them. Not collective. One thread at a time.
class chunk_unpacker {
 public:
  /// Whether a dataset's chunks are such, in this machine's byte order.
  static bool can_unpack(hid_t dataset, const recording& what);

  /// Keeps as many chunks as `cache_bytes` hold, at least one. `dataset` must outlive this. Keeps `what`,
  /// which must do so too.
  chunk_unpacker(hid_t dataset, const recording& what, std::size_t cache_bytes);

  /// All elements of the chunk that holds a sample, in the file's order of axes; what was never written is
  /// the dataset's fill value. Valid until the next call.
  /// @throws weir::error io_error, with the reason alone.
  std::span<const std::byte> chunk_at(std::size_t channel, std::size_t sample_index);

  /// Bytes of packed chunks that were read.
  std::uint64_t bytes_read() const { return bytes_read_; }

  /// What it holds of its own; packed chunks are taken to be of their mean size.
  std::size_t memory_bytes() const;

 private:
  using buffer = std::unique_ptr<std::byte[]>;
  struct decompressor_deleter {
    void operator()(void* decompressor) const;
  };

  void unpack(const hsize_t* corner, std::byte* image);
  void fill(std::byte* image) const;
  /// None: it was never written.
  std::size_t bytes_in_file(const hsize_t* corner) const;
  std::span<const std::byte> packed_chunk(const hsize_t* corner, std::size_t bytes, std::uint32_t& skipped);
  void inflate(std::span<const std::byte> packed, std::byte* plain);
  void unshuffle(const std::byte* from, std::byte* to) const;

  hid_t dataset_;
  const recording& what_;
  std::size_t elements_;
  std::size_t chunk_bytes_;
  std::vector<std::uint8_t> fill_;
  // Pages that a packed chunk does not need are never touched, and take no memory.
  std::size_t packed_room_;
  buffer packed_;
  buffer shuffled_;
  std::unique_ptr<void, decompressor_deleter> decompressor_;
  kept_chunks kept_;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace weir::io
