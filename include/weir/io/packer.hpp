#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <weir/io/recording.hpp>
#include <weir/partition.hpp>
#include <weir/sample_type.hpp>

namespace weir::io {

/// What a piece of a packed output holds. Plain numbers: it travels in messages and stands in files.
struct piece_header {
  std::uint64_t channels_begin = 0;
  std::uint64_t channels_end = 0;
  std::uint64_t samples_begin = 0;
  std::uint64_t samples_end = 0;
  std::uint64_t bytes = 0;      ///< that follow
  std::uint64_t is_packed = 0;  ///< 1: a whole chunk, as the file holds it; 0: samples, channel by channel

  index_range channels() const { return {channels_begin, channels_end}; }
  index_range samples() const { return {samples_begin, samples_end}; }
};

/// Makes of samples in memory the bytes of a file's packed chunks. They depend on the chunk's samples alone:
/// the same on every rank, whatever else it packs. Not collective. One thread at a time.
///
/// A rectangle that is all of a chunk's samples becomes the chunk: in the file's order of axes, filled up
/// with the dataset's fill value beyond the recording's ends, shuffled as H5Z_FILTER_SHUFFLE does, deflated
/// in zlib's format (RFC 1950) as H5Z_FILTER_DEFLATE does. A part of a chunk stays as it is: a
/// piece_joiner packs it when the others are there.
class packer {
 public:
  /// For a packed output that create_output() described. Touches no file.
  explicit packer(const recording& output_part);
  ~packer();
  packer(const packer&) = delete;
  packer& operator=(const packer&) = delete;
  packer(packer&&) noexcept;
  packer& operator=(packer&&) noexcept;

  /// Takes channel `channels.begin + c`, sample `samples.begin + s` from `source[c * row_stride + s]`. The
  /// rectangle lies inside one chunk. `S` must be the dataset's type. What is returned, and bytes(), are
  /// valid until the next call.
  template <sample S>
  const piece_header& pack(index_range channels, index_range samples, const S* source,
                           std::size_t row_stride);

  /// The bytes of the last piece.
  std::span<const std::byte> bytes() const;

  /// Most bytes of one piece.
  static std::size_t most_bytes(const recording& output_part);

  /// Bytes that a packer holds of its own, the libraries' counted.
  static std::size_t memory_bytes(const recording& output_part);

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::io
