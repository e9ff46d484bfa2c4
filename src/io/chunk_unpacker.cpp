#include "chunk_unpacker.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <libdeflate.h>

#include <weir/partition.hpp>

#include "samples.hpp"

namespace weir::io {

namespace {

/// What libdeflate holds for a decompressor. Seen: 11 KiB.
constexpr std::size_t decompressor_bytes = std::size_t{12} << 10;

/// The filters of a dataset, in the order in which its chunks went through them.
std::vector<H5Z_filter_t> filters_of(hid_t dataset) {
  const h5::properties created(H5Dget_create_plist(dataset));
  std::vector<H5Z_filter_t> filters;
  for (int i = 0; i < H5Pget_nfilters(created.get()); ++i) {
    unsigned flags = 0;
    std::size_t values = 0;
    filters.push_back(H5Pget_filter2(created.get(), static_cast<unsigned>(i), &flags, &values, nullptr, 0,
                                     nullptr, nullptr));
  }
  return filters;
}

/// The inverse of H5Z_FILTER_SHUFFLE: the i-th bytes of all elements stand together, for each i.
template <std::size_t Width>
void gather_bytes(const std::byte* from, std::size_t elements, std::byte* to) {
  for (std::size_t i = 0; i < elements; ++i) {
    for (std::size_t byte = 0; byte < Width; ++byte) to[i * Width + byte] = from[byte * elements + i];
  }
}

}  // namespace

bool chunk_unpacker::can_unpack(hid_t dataset, const recording& what) {
  if (!what.store.filtered) return false;
  const h5::datatype stored(H5Dget_type(dataset));
  if (H5Tequal(stored.get(), h5::native(what.type)) <= 0) return false;
  const std::vector<H5Z_filter_t> filters = filters_of(dataset);
  return filters == std::vector<H5Z_filter_t>{H5Z_FILTER_DEFLATE} ||
         filters == std::vector<H5Z_filter_t>{H5Z_FILTER_SHUFFLE, H5Z_FILTER_DEFLATE};
}

chunk_unpacker::chunk_unpacker(hid_t dataset, const recording& what, std::size_t cache_bytes)
    : dataset_(dataset),
      what_(what),
      elements_(what.store.chunk_channels * what.store.chunk_samples),
      chunk_bytes_(elements_ * size_of(what.type)),
      fill_(fill_of(dataset, what.type)),
      packed_room_(libdeflate_zlib_compress_bound(nullptr, chunk_bytes_)),
      packed_(std::make_unique_for_overwrite<std::byte[]>(packed_room_)),
      decompressor_(libdeflate_alloc_decompressor()),
      kept_(std::min<std::size_t>(cache_bytes / chunk_bytes_, chunk_count(what)), chunk_bytes_) {
  if (what.store.shuffle) shuffled_ = std::make_unique_for_overwrite<std::byte[]>(chunk_bytes_);
  if (!decompressor_) throw std::bad_alloc();
}

void chunk_unpacker::decompressor_deleter::operator()(void* decompressor) const {
  libdeflate_free_decompressor(static_cast<libdeflate_decompressor*>(decompressor));
}

std::size_t chunk_unpacker::memory_bytes() const {
  const std::size_t mean = std::min<std::size_t>(packed_room_, what_.store.stored_bytes / chunk_count(what_));
  return kept_.memory_bytes() + (shuffled_ ? chunk_bytes_ : 0) + mean + decompressor_bytes;
}

std::span<const std::byte> chunk_unpacker::chunk_at(std::size_t channel, std::size_t sample_index) {
  const kept_chunks::corner corner{channel - channel % what_.store.chunk_channels,
                                   sample_index - sample_index % what_.store.chunk_samples};
  return kept_.get(corner, [&](std::byte* image) {
    std::array<hsize_t, 2> in_file{corner.first, corner.second};
    if (what_.axis == time_axis::first) std::swap(in_file[0], in_file[1]);
    unpack(in_file.data() + (what_.dimensions == 1 ? 1 : 0), image);
  });
}

void chunk_unpacker::unpack(const hsize_t* corner, std::byte* image) {
  const std::size_t bytes = bytes_in_file(corner);
  if (bytes == 0) return fill(image);
  // A bit for each filter that this chunk did not go through.
  std::uint32_t skipped = 0;
  const std::span<const std::byte> packed = packed_chunk(corner, bytes, skipped);
  const bool is_deflated = (skipped & (shuffled_ ? 2U : 1U)) == 0;
  const bool is_shuffled = shuffled_ && (skipped & 1U) == 0;
  std::byte* const plain = is_shuffled ? shuffled_.get() : image;
  if (is_deflated) {
    inflate(packed, plain);
  } else if (packed.size() == chunk_bytes_) {
    std::memcpy(plain, packed.data(), packed.size());
  } else {
    throw error(exit_code::io_error,
                fmt::format("a chunk has {} bytes in place of {}", packed.size(), chunk_bytes_));
  }
  if (is_shuffled) unshuffle(plain, image);
}

std::size_t chunk_unpacker::bytes_in_file(const hsize_t* corner) const {
  hsize_t bytes = 0;
  if (H5Dget_chunk_storage_size(dataset_, corner, &bytes) >= 0) return bytes;
  // So HDF5 calls a chunk that was never written, where others were.
  if (h5::last_error() == "chunk storage is not allocated") return 0;
  // This tells such a chunk from a fault in any release, but walks over the whole index for it.
  unsigned filter_mask = 0;
  haddr_t address = HADDR_UNDEF;
  h5::check(H5Dget_chunk_info_by_coord(dataset_, corner, &filter_mask, &address, &bytes),
            "a chunk is not found");
  return address == HADDR_UNDEF ? 0 : bytes;
}

std::span<const std::byte> chunk_unpacker::packed_chunk(const hsize_t* corner, std::size_t bytes,
                                                        std::uint32_t& skipped) {
  if (bytes > packed_room_) {
    packed_ = std::make_unique_for_overwrite<std::byte[]>(bytes);
    packed_room_ = bytes;
  }
  h5::check(H5Dread_chunk(dataset_, H5P_DEFAULT, corner, &skipped, packed_.get()), "a chunk cannot be read");
  bytes_read_ += bytes;
  return {packed_.get(), bytes};
}

void chunk_unpacker::inflate(std::span<const std::byte> packed, std::byte* plain) {
  auto* const decompressor = static_cast<libdeflate_decompressor*>(decompressor_.get());
  // Without a place for the number of bytes, other numbers than the one that is expected are faults.
  const libdeflate_result result =
      libdeflate_zlib_decompress(decompressor, packed.data(), packed.size(), plain, chunk_bytes_, nullptr);
  if (result != LIBDEFLATE_SUCCESS) {
    throw error(exit_code::io_error,
                "a compressed chunk is damaged: copy the file again from where it is whole");
  }
}

void chunk_unpacker::unshuffle(const std::byte* from, std::byte* to) const {
  visit_sample_type(what_.type, [&]<sample S>(S) { gather_bytes<sizeof(S)>(from, elements_, to); });
}

void chunk_unpacker::fill(std::byte* image) const {
  if (fill_.empty()) {
    std::memset(image, 0, chunk_bytes_);
    return;
  }
  for (std::size_t i = 0; i < elements_; ++i) {
    std::memcpy(image + i * fill_.size(), fill_.data(), fill_.size());
  }
}

}  // namespace weir::io
