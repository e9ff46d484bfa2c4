#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace weir::io {

/// Keeps the unpacked chunks that were asked for last. It finds one among many as fast as among few: a cache
/// holds thousands where chunks are small.
class kept_chunks {
 public:
  /// The first channel and the first sample of a chunk.
  using corner = std::pair<std::size_t, std::size_t>;

  /// Keeps `most` chunks, at least one.
  kept_chunks(std::size_t most, std::size_t chunk_bytes)
      : most_(std::max<std::size_t>(1, most)), chunk_bytes_(chunk_bytes) {}

  /// All bytes of a chunk, for which `unpack` is called with their place unless they are kept; what it throws
  /// leaves nothing of the chunk. Valid until the next call.
  template <class F>
  std::span<const std::byte> get(const corner& which, F&& unpack) {
    if (const auto found = places_.find(which); found != places_.end()) {
      chunks_.splice(chunks_.begin(), chunks_, found->second);
    } else {
      kept_chunk& place = place_for_another();
      std::forward<F>(unpack)(place.image.get());
      places_.emplace(which, chunks_.begin());
      place.which = which;
    }
    return {chunks_.front().image.get(), chunk_bytes_};
  }

  /// Most bytes that it comes to hold.
  std::size_t memory_bytes() const { return most_ * (chunk_bytes_ + bytes_beside_a_chunk); }

 private:
  struct kept_chunk {
    std::unique_ptr<std::byte[]> image;
    std::optional<corner> which = {};
  };

  /// A node in each of the two containers, and what the allocator takes for them and for the image.
  static constexpr std::size_t bytes_beside_a_chunk = 144;

  /// The place for another chunk, in front: a new one, or that of the chunk which was not asked for longest.
  kept_chunk& place_for_another() {
    if (chunks_.size() < most_) {
      return chunks_.emplace_front(kept_chunk{std::make_unique_for_overwrite<std::byte[]>(chunk_bytes_)});
    }
    chunks_.splice(chunks_.begin(), chunks_, std::prev(chunks_.end()));
    kept_chunk& place = chunks_.front();
    if (place.which) places_.erase(*place.which);
    place.which.reset();
    return place;
  }

  std::size_t most_;
  std::size_t chunk_bytes_;
  std::list<kept_chunk> chunks_;  ///< those that were asked for last in front
  std::map<corner, std::list<kept_chunk>::iterator> places_;
};

}  // namespace weir::io
