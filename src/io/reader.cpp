#include <algorithm>
#include <optional>

#include <weir/io/files.hpp>
#include <weir/io/reader.hpp>

#include "file_reader.hpp"
#include "rectangle.hpp"

namespace weir::io {

/// Keeps one of the files open, the one that it read last: a recording may lie in more than a process may
/// open, and blocks go through them one after another.
class reader::state {
 public:
  state(const recording& what, std::size_t cache_bytes)
      : whole_(what), files_(what), cache_bytes_(cache_bytes) {
    whole_.files.clear();
    std::size_t largest = 0;
    std::size_t largest_chunk = 0;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const std::size_t chunk = natural_tiles(files_[i]).channels * natural_tiles(files_[i]).samples;
      if (chunk > largest_chunk) {
        largest_chunk = chunk;
        largest = i;
      }
    }
    tiles_ = natural_tiles(files_[0]);
    memory_bytes_ = open(largest).memory_bytes();
    open(0);
  }

  template <sample S>
  void read(const rectangle& part, S* destination, std::size_t row_stride) {
    require_fit<S>(whole_, part, row_stride);
    for (std::size_t at = part.samples.begin; at < part.samples.end;) {
      const std::size_t file = files_.holder_of(at);
      const index_range held = files_.samples(file);
      const index_range here = intersection(held, {at, part.samples.end});
      open(file).read(rectangle{part.channels, {here.begin - held.begin, here.end - held.begin}},
                      destination + (here.begin - part.samples.begin), row_stride);
      at = here.end;
    }
  }

  tile_shape tiles() const { return tiles_; }
  std::size_t memory_bytes() const { return memory_bytes_; }
  std::optional<std::uint64_t> packed_bytes_read() const {
    const std::optional<std::uint64_t> of_opened = opened_->packed_bytes_read();
    return of_opened ? std::optional(*of_opened + packed_bytes_closed_) : std::nullopt;
  }

 private:
  file_reader& open(std::size_t file) {
    if (!opened_ || file != number_) {
      if (opened_) packed_bytes_closed_ += opened_->packed_bytes_read().value_or(0);
      opened_.reset();
      opened_.emplace(files_[file], cache_bytes_);
      number_ = file;
    }
    return *opened_;
  }

  recording whole_;
  file_descriptions files_;
  std::size_t cache_bytes_;
  std::size_t memory_bytes_ = 0;
  std::uint64_t packed_bytes_closed_ = 0;
  tile_shape tiles_;
  std::size_t number_ = 0;
  std::optional<file_reader> opened_;
};

reader::reader(const recording& what, std::size_t cache_bytes)
    : state_(std::make_unique<state>(what, cache_bytes)) {}
reader::~reader() = default;
reader::reader(reader&&) noexcept = default;
reader& reader::operator=(reader&&) noexcept = default;

template <sample S>
void reader::read(index_range channels, index_range samples, S* destination, std::size_t row_stride) {
  state_->read(rectangle{channels, samples}, destination, row_stride);
}

tile_shape reader::tiles() const {
  return state_->tiles();
}
std::size_t reader::memory_bytes() const {
  return state_->memory_bytes();
}
std::optional<std::uint64_t> reader::packed_bytes_read() const {
  return state_->packed_bytes_read();
}

template void reader::read(index_range, index_range, std::int16_t*, std::size_t);
template void reader::read(index_range, index_range, std::uint16_t*, std::size_t);
template void reader::read(index_range, index_range, std::int32_t*, std::size_t);
template void reader::read(index_range, index_range, float*, std::size_t);
template void reader::read(index_range, index_range, double*, std::size_t);

}  // namespace weir::io
