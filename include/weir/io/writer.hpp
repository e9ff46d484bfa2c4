#pragma once

#include <cstddef>
#include <memory>

#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>
#include <weir/partition.hpp>
#include <weir/sample_type.hpp>

namespace weir::io {

/// Bytes of the buffer in which a writer turns time-first data around; 0 for time-last data, which go from
/// where they are.
std::size_t write_staging_bytes(const recording& output_part);

/// Writes rectangles of channel-major memory into the space that create_output() allocated. Not collective:
/// any number of ranks of any number of nodes may each have one on the same file, as long as no two write the
/// same sample. One thread at a time.
///
/// The bytes go with pwrite(2) to where HDF5 put the dataset or its chunks, not through HDF5: metadata is
/// never touched again, so a run that is killed leaves a file that opens. Chunks start on pages of 4096
/// bytes; ranks that write whole tiles() never share one.
class writer {
 public:
  /// Opens the file that create_output() described.
  /// @throws weir::error io_error where it cannot be opened; internal where its dataset has no space to write
  /// to (it goes through a filter, or was not allocated early).
  explicit writer(const recording& output_part);
  ~writer();
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;
  writer(writer&&) noexcept;
  writer& operator=(writer&&) noexcept;

  /// Writes channel `channels.begin + c`, sample `samples.begin + s` from `source[c * row_stride + s]`. `S`
  /// must be the dataset's type. @throws weir::error io_error, with the path, for a full disk, a quota or any
  /// other fault.
  template <sample S>
  void write(index_range channels, index_range samples, const S* source, std::size_t row_stride);

  /// The unit of writing: whole chunks, or about 1 MiB of consecutive bytes.
  tile_shape tiles() const;

  /// Waits until what this writer wrote is on the disk (fdatasync). Call it before a marker relies on the
  /// data. @throws weir::error io_error.
  void sync();

  /// Ends writing: call it before finish_output(). Other hosts then see the data, also where a network's file
  /// system sends it no earlier, and tells no earlier that there was no room. @throws weir::error io_error.
  void close();

  /// Most bytes that this writer holds of its own.
  std::size_t memory_bytes() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::io
