#include "file_reader.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "read_buffers.hpp"
#include "stored.hpp"
#include "transpose.hpp"
#include "virtual_sources.hpp"

namespace weir::io {

namespace {

/// HDF5 keeps a list of the chunks that one call touches; this bounds it, and every transfer.
constexpr std::size_t transfer_bytes = std::size_t{64} << 20;

}  // namespace

file_reader::file_reader(const recording& what, std::size_t cache_bytes)
    : what_(what), tiles_(natural_tiles(what)), cache_(cache_for(what, cache_bytes)) {
  const h5::silence quiet;
  file_ = h5::open_for_reading(what.path, sieve_for(what));
  bytes_of_ = descriptor(::open(what.path.c_str(), O_RDONLY | O_CLOEXEC));
  dataset_ = h5::dataset(
      h5::check(H5Dopen2(file_.get(), what.dataset.c_str(), access_with_cache(what, cache_).get()),
                fmt::format("cannot open {} in '{}'", what.dataset, what.path), exit_code::bad_data));
  require_as_described();
  // This rank's node may not see what the node that looked at the file did.
  virtual_sources(dataset_.get(), what.path, what.dataset);
  in_file_ = h5::dataspace(H5Dget_space(dataset_.get()));
  if (chunk_unpacker::can_unpack(dataset_.get(), what_)) {
    unpacker_.emplace(dataset_.get(), what_, cache_bytes);
  } else {
    staging_.resize(staging_bytes(what));
  }
}

template <sample S>
void file_reader::read(const rectangle& part, S* destination, std::size_t row_stride) {
  const h5::silence quiet;
  if (unpacker_) {
    unpack(part, destination, row_stride);
    return require_uncut();
  }
  const std::size_t most = (staged() ? staging_.size() : transfer_bytes) / sizeof(S);
  for_each_piece(part, staged() ? staging_grid() : transfer_grid(), most, what_.axis,
                 [&](const rectangle& piece) {
                   S* const corner = destination + (piece.channels.begin - part.channels.begin) * row_stride +
                                     (piece.samples.begin - part.samples.begin);
                   if (staged()) {
                     read_staged(piece, corner, row_stride);
                   } else {
                     read_rows(piece, corner, row_stride);
                   }
                 });
  require_uncut();
}

/// Chunks one after the other, so that a cache of one tile is enough to unpack each once.
tile_shape file_reader::staging_grid() const {
  return what_.store.chunked ? tiles_ : tile_shape{what_.channels, what_.samples};
}

/// Rows go straight into the caller's memory, so many chunks at a time are as good as one.
tile_shape file_reader::transfer_grid() const {
  if (!what_.store.chunked) return {what_.channels, what_.samples};
  const std::size_t times =
      std::max<std::size_t>(1, transfer_bytes / (tiles_.channels * tiles_.samples * size_of(what_.type)));
  return {tiles_.channels, tiles_.samples * times};
}

void file_reader::require_as_described() const {
  const std::vector<hsize_t> extents = h5::extents_of(dataset_.get());
  std::vector<hsize_t> described{what_.channels, what_.samples};
  if (what_.axis == time_axis::first) std::swap(described[0], described[1]);
  if (what_.dimensions == 1) described = {what_.samples};
  const h5::datatype stored(H5Dget_type(dataset_.get()));
  if (extents != described || sample_type_from(stored.get()) != what_.type) {
    throw error(
        exit_code::bad_data,
        fmt::format("{} in '{}' is not what it was when this run looked at it: something changed the file; "
                    "run again when nobody writes to it",
                    what_.dataset, what_.path));
  }
}

/// HDF5 looks at a file's length once, when it opens it, and reads zeros beyond an end that has moved
/// since.
void file_reader::require_uncut() const {
  struct stat status {};
  if (!bytes_of_ || ::fstat(bytes_of_.get(), &status) != 0) return;
  const auto bytes = static_cast<std::uint64_t>(status.st_size);
  if (bytes >= what_.file_bytes) return;
  throw error(exit_code::io_error,
              fmt::format("'{}' was cut from {} to {} bytes while it was read; copy it again, with its time "
                          "(cp -p), from where it is whole",
                          what_.path, what_.file_bytes, bytes));
}

void file_reader::select(const rectangle& piece) {
  std::array<hsize_t, 2> begin{piece.channels.begin, piece.samples.begin};
  std::array<hsize_t, 2> count{piece.channels.size(), piece.samples.size()};
  if (what_.axis == time_axis::first) {
    std::swap(begin[0], begin[1]);
    std::swap(count[0], count[1]);
  }
  const std::size_t skipped = what_.dimensions == 1 ? 1 : 0;
  h5::check(H5Sselect_hyperslab(in_file_.get(), H5S_SELECT_SET, begin.data() + skipped, nullptr,
                                count.data() + skipped, nullptr),
            "cannot select a rectangle", exit_code::internal);
}

/// Chunk by chunk.
template <sample S>
void file_reader::unpack(const rectangle& part, S* destination, std::size_t row_stride) {
  const tile_shape chunk{what_.store.chunk_channels, what_.store.chunk_samples};
  for_each_cell(part.channels, chunk.channels, [&](index_range channels) {
    for_each_cell(part.samples, chunk.samples, [&](index_range samples) {
      const auto elements = unpacked<S>(part, {channels, samples});
      const std::size_t channel = channels.begin % chunk.channels;
      const std::size_t first = samples.begin % chunk.samples;
      S* const corner = destination + (channels.begin - part.channels.begin) * row_stride +
                        (samples.begin - part.samples.begin);
      if (staged()) {
        transpose_past_caches(elements + first * chunk.channels + channel, chunk.channels, samples.size(),
                              channels.size(), corner, row_stride);
      } else {
        for (std::size_t c = 0; c < channels.size(); ++c) {
          std::copy_n(elements + (channel + c) * chunk.samples + first, samples.size(),
                      corner + c * row_stride);
        }
      }
    });
  });
}

template <sample S>
const S* file_reader::unpacked(const rectangle& part, const rectangle& inside) {
  try {
    return reinterpret_cast<const S*>(
        unpacker_->chunk_at(inside.channels.begin, inside.samples.begin).data());
  } catch (const error& fault) {
    fail_reading(part, fault.what());
  }
}

void file_reader::fail_reading(const rectangle& part, const std::string& why) const {
  throw error(
      exit_code::io_error,
      fmt::format("reading channels {}:{}, samples {}:{} of {} in '{}' failed: {}", part.channels.begin,
                  part.channels.end, part.samples.begin, part.samples.end, what_.dataset, what_.path, why));
}

template <sample S>
void file_reader::transfer(const rectangle& piece, const h5::dataspace& in_memory, S* destination) {
  select(piece);
  if (H5Dread(dataset_.get(), h5::native(what_.type), in_memory.get(), in_file_.get(), H5P_DEFAULT,
              destination) < 0) {
    fail_reading(piece, h5::last_error());
  }
}

template <sample S>
void file_reader::read_rows(const rectangle& piece, S* destination, std::size_t row_stride) {
  const std::array<hsize_t, 2> shape{piece.channels.size(), row_stride};
  const std::array<hsize_t, 2> begin{0, 0};
  const std::array<hsize_t, 2> count{piece.channels.size(), piece.samples.size()};
  const int dimensions = what_.dimensions;
  const int skipped = 2 - dimensions;
  const h5::dataspace in_memory(H5Screate_simple(dimensions, shape.data() + skipped, nullptr));
  h5::check(H5Sselect_hyperslab(in_memory.get(), H5S_SELECT_SET, begin.data() + skipped, nullptr,
                                count.data() + skipped, nullptr),
            "cannot select rows in memory", exit_code::internal);
  transfer(piece, in_memory, destination);
}

template <sample S>
void file_reader::read_staged(const rectangle& piece, S* destination, std::size_t row_stride) {
  // Two dimensions as in the file: HDF5 goes element by element where the shapes differ.
  const std::array<hsize_t, 2> shape{piece.samples.size(), piece.channels.size()};
  const h5::dataspace in_memory(H5Screate_simple(2, shape.data(), nullptr));
  S* const staged = reinterpret_cast<S*>(staging_.data());
  transfer(piece, in_memory, staged);
  transpose_past_caches(staged, piece.channels.size(), piece.samples.size(), piece.channels.size(),
                        destination, row_stride);
}

template void file_reader::read(const rectangle&, std::int16_t*, std::size_t);
template void file_reader::read(const rectangle&, std::uint16_t*, std::size_t);
template void file_reader::read(const rectangle&, std::int32_t*, std::size_t);
template void file_reader::read(const rectangle&, float*, std::size_t);
template void file_reader::read(const rectangle&, double*, std::size_t);

}  // namespace weir::io
