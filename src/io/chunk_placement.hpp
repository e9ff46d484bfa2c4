#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "hdf5.hpp"

namespace weir::io {

/// Lets HDF5 give packed chunks their places in a file and write them into its index, but not the chunks
/// themselves: many processes then write those, all at the same time, each by plain calls.
///
/// HDF5 has no call for that. It writes through a driver, which is asked for here with all functions of
/// HDF5's own driver for POSIX files but the one that writes: it passes on everything except the chunk, whose
/// place it keeps ("HDF5 Virtual File Layer", H5FDregister).
class chunk_placement {
 public:
  /// Opens a dataset of a file that nobody else has open. Its chunks have `most_bytes` bytes at most.
  /// @throws weir::error io_error.
  chunk_placement(const std::string& path, const std::string& dataset, std::size_t most_bytes);

  /// The place in the file of the chunk whose first element is at `corner`; it has `bytes` bytes, packed.
  /// @throws weir::error io_error.
  std::uint64_t place(std::span<const hsize_t> corner, std::size_t bytes);

  /// Writes the index and ends; the file is as long as its chunks want it. @throws weir::error io_error for
  /// what HDF5 kept back until now.
  void close();

 private:
  using driver = h5::handle<H5FDunregister>;

  std::string failure_;
  std::unique_ptr<std::byte[]> no_chunk_;  ///< stands for all chunks; never read
  driver driver_;
  h5::file file_;
  h5::dataset dataset_;
};

}  // namespace weir::io
