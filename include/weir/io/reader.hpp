#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include <weir/io/recording.hpp>
#include <weir/io/tiles.hpp>
#include <weir/partition.hpp>
#include <weir/sample_type.hpp>

namespace weir::io {

/// Reads rectangles of a recording into channel-major memory, whichever axis of the dataset is time. Not
/// collective: it uses HDF5's serial driver, and any number of ranks may each have one on the same file. One
/// thread at a time. Of a recording in several files, one is open at a time.
///
/// Memory: HDF5's chunk cache of `cache_bytes` (more where one chunk that goes through a filter is larger:
/// HDF5 unpacks whole chunks anyway, and this one is then kept), plus at most 8 MiB of staging for time-first
/// data. A chunk is unpacked again only when other chunks of more than `cache_bytes` were read since. So a
/// reader whose rectangles are narrower than the chunks wants a cache of all chunks that one rectangle
/// touches. Chunks of gzip, shuffled or not, go past HDF5; `cache_bytes` and
/// at least one chunk hold for them too, with the room to unpack one.
class reader {
 public:
  /// Opens the file, or the first of several. @throws weir::error no_input or bad_data as inspect() does, and
  /// bad_data where the file no longer is what `what` describes.
  explicit reader(const recording& what, std::size_t cache_bytes);
  ~reader();
  reader(const reader&) = delete;
  reader& operator=(const reader&) = delete;
  reader(reader&&) noexcept;
  reader& operator=(reader&&) noexcept;

  /// Reads `channels` x `samples` so that channel `channels.begin + c`, sample `samples.begin + s` lands in
  /// `destination[c * row_stride + s]`; nothing else of `destination` is touched. `S` must be the recording's
  /// stored type. Time-last data goes straight into `destination`.
  /// @throws weir::error io_error with HDF5's reason, or where the file was cut since it was described; what
  /// opening the next of several files throws;
  /// internal where the rectangle or `S` do not fit.
  template <sample S>
  void read(index_range channels, index_range samples, S* destination, std::size_t row_stride);

  /// The unit of reading that the file, or the first of several, likes best. Each file's tiles begin at its
  /// own first sample.
  tile_shape tiles() const;

  /// Most bytes that this reader holds of its own: cache and staging.
  std::size_t memory_bytes() const;

  /// Bytes of packed chunks that were read from the file so far; nothing where HDF5 reads, which does not
  /// tell.
  std::optional<std::uint64_t> packed_bytes_read() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::io
