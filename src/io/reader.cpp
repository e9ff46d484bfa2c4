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
    for (std::size_t i = 0; i < files_.size(); ++i) {
      memory_bytes_ = std::max(memory_bytes_, file_reader::memory_bytes(files_[i], cache_bytes));
    }
    tiles_ = natural_tiles(files_[0]);
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

 private:
  file_reader& open(std::size_t file) {
    if (!opened_ || file != number_) {
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

template void reader::read(index_range, index_range, std::int16_t*, std::size_t);
template void reader::read(index_range, index_range, std::uint16_t*, std::size_t);
template void reader::read(index_range, index_range, std::int32_t*, std::size_t);
template void reader::read(index_range, index_range, float*, std::size_t);
template void reader::read(index_range, index_range, double*, std::size_t);

}  // namespace weir::io
