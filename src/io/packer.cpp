#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>
#include <libdeflate.h>

#include <weir/io/packer.hpp>

#include "fill_value.hpp"
#include "rectangle.hpp"
#include "transpose.hpp"

namespace weir::io {

namespace {

/// What libdeflate holds for a compressor. Seen in release 1.14: 201 KiB at level 1, 653 KiB at levels 3
/// to 9.
std::size_t compressor_bytes(int level) {
  return level == 1 ? std::size_t{208} << 10 : std::size_t{672} << 10;
}

std::size_t elements_of_chunk(const recording& what) {
  return what.store.chunk_channels * what.store.chunk_samples;
}

std::size_t bytes_of_chunk(const recording& what) {
  return elements_of_chunk(what) * size_of(what.type);
}

struct free_compressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

/// H5Z_FILTER_SHUFFLE: first the first bytes of all elements, then all second bytes, and so on.
template <std::size_t Width>
void shuffle(const std::byte* from, std::size_t elements, std::byte* to) {
  for (std::size_t byte = 0; byte < Width; ++byte) {
    for (std::size_t i = 0; i < elements; ++i) to[byte * elements + i] = from[i * Width + byte];
  }
}

}  // namespace

class packer::state {
 public:
  explicit state(const recording& part) : what_(part), image_(bytes_of_chunk(part)) {
    if (!part.store.gzip_level) {
      throw error(exit_code::internal, fmt::format("the chunks of '{}' are not to be packed", part.path));
    }
    if (part.store.shuffle) shuffled_.resize(image_.size());
    packed_.resize(packer::most_bytes(part));
    compressor_.reset(libdeflate_alloc_compressor(*part.store.gzip_level));
    if (!compressor_) throw std::bad_alloc();
  }

  template <sample S>
  const piece_header& pack(const rectangle& part, const S* source, std::size_t row_stride) {
    require_fit<S>(what_, part, row_stride);
    header_ = {part.channels.begin, part.channels.end, part.samples.begin, part.samples.end, 0, 0};
    if (is_whole(part)) {
      draw_image(part, source, row_stride);
      header_.is_packed = 1;
      bytes_ = deflated<S>();
    } else {
      S* const rows = reinterpret_cast<S*>(image_.data());
      for (std::size_t c = 0; c < part.channels.size(); ++c) {
        std::copy_n(source + c * row_stride, part.samples.size(), rows + c * part.samples.size());
      }
      bytes_ = std::span(image_).first(part.channels.size() * part.samples.size() * sizeof(S));
    }
    header_.bytes = bytes_.size();
    return header_;
  }

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  /// Whether the rectangle is all that the recording has of a chunk. It lies inside one.
  bool is_whole(const rectangle& part) const {
    const auto covers = [](index_range range, std::size_t chunk, std::size_t length) {
      const std::size_t begin = range.begin / chunk * chunk;
      const std::size_t end = std::min(begin + chunk, length);
      if (range.end > end) throw error(exit_code::internal, "a rectangle to pack lies in several chunks");
      return range.begin == begin && range.end == end;
    };
    const bool whole_rows = covers(part.channels, what_.store.chunk_channels, what_.channels);
    return covers(part.samples, what_.store.chunk_samples, what_.samples) && whole_rows;
  }

  /// The chunk as the file has it ahead of its filters.
  template <sample S>
  void draw_image(const rectangle& part, const S* source, std::size_t row_stride) {
    S* const image = reinterpret_cast<S*>(image_.data());
    const std::size_t channels = part.channels.size();
    const std::size_t samples = part.samples.size();
    if (channels * samples < elements_of_chunk(what_)) {
      std::fill_n(image, elements_of_chunk(what_), fill_value<S>(what_));
    }
    if (what_.axis == time_axis::first) {
      transpose(source, row_stride, channels, samples, image, what_.store.chunk_channels);
    } else {
      for (std::size_t c = 0; c < channels; ++c) {
        std::copy_n(source + c * row_stride, samples, image + c * what_.store.chunk_samples);
      }
    }
  }

  template <sample S>
  std::span<const std::byte> deflated() {
    std::span<const std::byte> plain = image_;
    if (what_.store.shuffle) {
      shuffle<sizeof(S)>(image_.data(), elements_of_chunk(what_), shuffled_.data());
      plain = shuffled_;
    }
    const std::size_t bytes = libdeflate_zlib_compress(compressor_.get(), plain.data(), plain.size(),
                                                       packed_.data(), packed_.size());
    if (bytes == 0) throw error(exit_code::internal, "a packed chunk is larger than its bound");
    return std::span(packed_).first(bytes);
  }

  recording what_;
  std::vector<std::byte> image_;
  std::vector<std::byte> shuffled_;
  std::vector<std::byte> packed_;
  std::unique_ptr<libdeflate_compressor, free_compressor> compressor_;
  piece_header header_;
  std::span<const std::byte> bytes_;
};

packer::packer(const recording& output_part) : state_(std::make_unique<state>(output_part)) {}
packer::~packer() = default;
packer::packer(packer&&) noexcept = default;
packer& packer::operator=(packer&&) noexcept = default;

template <sample S>
const piece_header& packer::pack(index_range channels, index_range samples, const S* source,
                                 std::size_t row_stride) {
  return state_->pack(rectangle{channels, samples}, source, row_stride);
}

std::span<const std::byte> packer::bytes() const {
  return state_->bytes();
}

std::size_t packer::most_bytes(const recording& output_part) {
  return libdeflate_zlib_compress_bound(nullptr, bytes_of_chunk(output_part));
}

std::size_t packer::memory_bytes(const recording& output_part) {
  const std::size_t copies = output_part.store.shuffle ? 2 : 1;
  return copies * bytes_of_chunk(output_part) + most_bytes(output_part) +
         compressor_bytes(output_part.store.gzip_level.value_or(1));
}

template const piece_header& packer::pack(index_range, index_range, const std::int16_t*, std::size_t);
template const piece_header& packer::pack(index_range, index_range, const std::uint16_t*, std::size_t);
template const piece_header& packer::pack(index_range, index_range, const std::int32_t*, std::size_t);
template const piece_header& packer::pack(index_range, index_range, const float*, std::size_t);
template const piece_header& packer::pack(index_range, index_range, const double*, std::size_t);

}  // namespace weir::io
