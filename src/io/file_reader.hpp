#pragma once

#include <cstddef>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>

#include "descriptor.hpp"
#include "hdf5.hpp"
#include "rectangle.hpp"

namespace weir::io {

/// Reads rectangles of a recording that lies in one file: a reader's work on each of its files.
class file_reader {
 public:
  /// Opens the file. @throws weir::error as reader does.
  file_reader(const recording& what, std::size_t cache_bytes);

  /// As reader::read(). The rectangle fits, and is not empty.
  template <sample S>
  void read(const rectangle& part, S* destination, std::size_t row_stride);

  /// Most bytes that a reader of this file holds of its own: cache and staging.
  static std::size_t memory_bytes(const recording& what, std::size_t cache_bytes);

 private:
  bool staged() const { return what_.axis == time_axis::first; }
  tile_shape staging_grid() const;
  tile_shape transfer_grid() const;
  void require_as_described() const;
  void require_uncut() const;
  void select(const rectangle& piece);

  template <sample S>
  void transfer(const rectangle& piece, const h5::dataspace& in_memory, S* destination);
  template <sample S>
  void read_rows(const rectangle& piece, S* destination, std::size_t row_stride);
  template <sample S>
  void read_staged(const rectangle& piece, S* destination, std::size_t row_stride);

  recording what_;
  tile_shape tiles_;
  h5::file file_;
  descriptor bytes_of_;
  h5::dataset dataset_;
  h5::dataspace in_file_;
  std::vector<std::byte> staging_;
};

}  // namespace weir::io
