#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>

#include "chunk_unpacker.hpp"
#include "descriptor.hpp"
#include "hdf5.hpp"
#include "rectangle.hpp"

namespace weir::io {

/// Reads rectangles of a recording that lies in one file: a reader's work on each of its files.
class file_reader {
 public:
  /// Opens the file. @throws weir::error as reader does.
  file_reader(const recording& what, std::size_t cache_bytes);
  file_reader(const file_reader&) = delete;
  file_reader& operator=(const file_reader&) = delete;

  /// As reader::read(). The rectangle fits, and is not empty.
  template <sample S>
  void read(const rectangle& part, S* destination, std::size_t row_stride);

  /// Most bytes that it holds of its own: cache, staging, and what unpacking needs.
  std::size_t memory_bytes() const {
    return unpacker_ ? unpacker_->memory_bytes() : cache_ + staging_.size();
  }

  /// As reader::packed_bytes_read(), of this file since it was opened.
  std::optional<std::uint64_t> packed_bytes_read() const {
    return unpacker_ ? std::optional(unpacker_->bytes_read()) : std::nullopt;
  }

 private:
  bool staged() const { return what_.axis == time_axis::first; }
  tile_shape staging_grid() const;
  tile_shape transfer_grid() const;
  void require_as_described() const;
  void require_uncut() const;
  void select(const rectangle& piece);
  [[noreturn]] void fail_reading(const rectangle& part, const std::string& why) const;

  /// Chunk by chunk.
  template <sample S>
  void unpack(const rectangle& part, S* destination, std::size_t row_stride);
  template <sample S>
  const S* unpacked(const rectangle& part, const rectangle& inside);

  template <sample S>
  void transfer(const rectangle& piece, const h5::dataspace& in_memory, S* destination);
  template <sample S>
  void read_rows(const rectangle& piece, S* destination, std::size_t row_stride);
  template <sample S>
  void read_staged(const rectangle& piece, S* destination, std::size_t row_stride);

  recording what_;
  tile_shape tiles_;
  std::size_t cache_;
  h5::file file_;
  descriptor bytes_of_;
  h5::dataset dataset_;
  h5::dataspace in_file_;
  std::vector<std::byte> staging_;
  std::optional<chunk_unpacker> unpacker_;
};

}  // namespace weir::io
