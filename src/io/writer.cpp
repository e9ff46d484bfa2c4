#include <vector>

#include <fmt/format.h>

#include <weir/io/writer.hpp>

#include "gather_write.hpp"
#include "hdf5.hpp"
#include "rectangle.hpp"
#include "samples.hpp"
#include "transpose.hpp"

namespace weir::io {

namespace {

placement find_placement(const recording& part) {
  if (part.store.filtered) {
    throw error(exit_code::internal, fmt::format("'{}' is compressed; ranks cannot write to it", part.path));
  }
  if (part.store.where) return *part.store.where;
  const h5::silence quiet;
  const h5::file file = h5::open_for_reading(part.path);
  const h5::dataset dataset(h5::check(H5Dopen2(file.get(), part.dataset.c_str(), H5P_DEFAULT),
                                      fmt::format("cannot open {} in '{}'", part.dataset, part.path)));
  return placement_of(dataset.get(), part);
}

}  // namespace

std::size_t write_staging_bytes(const recording& part) {
  return staging_bytes(part);
}

class writer::state {
 public:
  explicit state(const recording& part)
      : what_(part), tiles_(natural_tiles(part)), where_(find_placement(part)), out_(part.path) {
    staging_.resize(write_staging_bytes(part));
  }

  template <sample S>
  void write(const rectangle& part, const S* source, std::size_t row_stride) {
    require_fit<S>(what_, part, row_stride);
    const std::size_t most =
        staged() ? staging_.size() / sizeof(S) : part.channels.size() * part.samples.size();
    for_each_piece(part, placed_cell(), most, what_.axis, [&](const rectangle& piece) {
      const S* const corner = source + (piece.channels.begin - part.channels.begin) * row_stride +
                              (piece.samples.begin - part.samples.begin);
      if (staged()) {
        add_columns(piece, corner, row_stride);
      } else {
        for (std::size_t c = 0; c < piece.channels.size(); ++c) {
          out_.add(place_of(piece.channels.begin + c, piece.samples.begin), corner + c * row_stride,
                   piece.samples.size() * sizeof(S));
        }
      }
    });
    out_.flush();
  }

  tile_shape tiles() const { return tiles_; }
  void sync() { out_.sync(); }
  void close() { out_.close(); }
  std::size_t memory_bytes() const { return staging_.size() + sizeof(gather_write); }

 private:
  bool staged() const { return what_.axis == time_axis::first; }

  /// The rectangle inside which place_of() is linear: a chunk, or all of a contiguous dataset.
  tile_shape placed_cell() const {
    if (!what_.store.chunked) return {what_.channels, what_.samples};
    return {what_.store.chunk_channels, what_.store.chunk_samples};
  }

  /// The byte of the file where this sample lies.
  std::uint64_t place_of(std::size_t channel, std::size_t sample_index) const {
    const bool time_first = what_.axis == time_axis::first;
    const tile_shape cell = placed_cell();
    const std::uint64_t row = time_first ? sample_index % cell.samples : channel % cell.channels;
    const std::uint64_t column = time_first ? channel % cell.channels : sample_index % cell.samples;
    const std::uint64_t row_elements = time_first ? cell.channels : cell.samples;
    const std::uint64_t cell_row = time_first ? sample_index / cell.samples : channel / cell.channels;
    const std::uint64_t cell_column = time_first ? channel / cell.channels : sample_index / cell.samples;
    const std::uint64_t cells_a_row =
        time_first ? ceil_div(what_.channels, cell.channels) : ceil_div(what_.samples, cell.samples);
    return where_.first_byte + (cell_row * cells_a_row + cell_column) * where_.chunk_stride +
           (row * row_elements + column) * size_of(what_.type);
  }

  template <sample S>
  void add_columns(const rectangle& piece, const S* source, std::size_t row_stride) {
    S* const staged = reinterpret_cast<S*>(staging_.data());
    const std::size_t width = piece.channels.size();
    transpose(source, row_stride, width, piece.samples.size(), staged, width);
    // All channels of a chunk, or of the file: one sample's follow on the one before.
    const bool is_one_piece = width == placed_cell().channels;
    const std::size_t pieces = is_one_piece ? 1 : piece.samples.size();
    const std::size_t piece_samples = piece.samples.size() / pieces;
    for (std::size_t s = 0; s < piece.samples.size(); s += piece_samples) {
      out_.add(place_of(piece.channels.begin, piece.samples.begin + s), staged + s * width,
               piece_samples * width * sizeof(S));
    }
    // The next piece is staged in the same memory.
    out_.flush();
  }

  recording what_;
  tile_shape tiles_;
  placement where_;
  gather_write out_;
  std::vector<std::byte> staging_;
};

writer::writer(const recording& output_part) : state_(std::make_unique<state>(output_part)) {}
writer::~writer() = default;
writer::writer(writer&&) noexcept = default;
writer& writer::operator=(writer&&) noexcept = default;

template <sample S>
void writer::write(index_range channels, index_range samples, const S* source, std::size_t row_stride) {
  state_->write(rectangle{channels, samples}, source, row_stride);
}

tile_shape writer::tiles() const {
  return state_->tiles();
}
void writer::sync() {
  state_->sync();
}
void writer::close() {
  state_->close();
}
std::size_t writer::memory_bytes() const {
  return state_->memory_bytes();
}

template void writer::write(index_range, index_range, const std::int16_t*, std::size_t);
template void writer::write(index_range, index_range, const std::uint16_t*, std::size_t);
template void writer::write(index_range, index_range, const std::int32_t*, std::size_t);
template void writer::write(index_range, index_range, const float*, std::size_t);
template void writer::write(index_range, index_range, const double*, std::size_t);

}  // namespace weir::io
