#include "read_buffers.hpp"

#include <algorithm>

#include <weir/io/tiles.hpp>

namespace weir::io {

namespace {

/// HDF5's guide asks for about 100 times as many slots as chunks fit, and a prime (H5Pset_cache).
constexpr std::size_t slots_a_chunk = 100;
constexpr std::size_t most_slots = 100'003;

constexpr bool is_prime(std::size_t n) {
  for (std::size_t divisor = 2; divisor * divisor <= n; ++divisor) {
    if (n % divisor == 0) return false;
  }
  return n > 1;
}

std::size_t chunk_bytes(const recording& what) {
  return what.store.chunk_channels * what.store.chunk_samples * size_of(what.type);
}

}  // namespace

std::size_t cache_for(const recording& what, std::size_t asked) {
  if (!what.store.chunked) return 0;
  const tile_shape tile = natural_tiles(what);
  const std::size_t tile_bytes = tile.channels * tile.samples * size_of(what.type);
  const bool in_parts = what.axis == time_axis::first || tile_bytes < chunk_bytes(what);
  if (!what.store.filtered && in_parts) return 0;
  return std::max(asked, tile_bytes);
}

std::size_t sieve_for(const recording& what) {
  constexpr std::size_t a_page = 4096;
  const bool rows_share_it =
      what.axis == time_axis::first || what.samples * size_of(what.type) < h5::usual_sieve_bytes;
  return rows_share_it ? h5::usual_sieve_bytes : a_page;
}

h5::properties access_with_cache(const recording& what, std::size_t cache) {
  h5::properties access = h5::make_properties(H5P_DATASET_ACCESS);
  if (!what.store.chunked) return access;
  std::size_t slots = std::clamp<std::size_t>(slots_a_chunk * (cache / chunk_bytes(what)), 101, most_slots);
  while (!is_prime(slots)) ++slots;
  // Evict what was used longest ago, read to its end or not: the halo of the next block comes back to it.
  constexpr double evict_read_ones_first = 0.0;
  h5::check(H5Pset_chunk_cache(access.get(), slots, cache, evict_read_ones_first),
            "cannot set the chunk cache", exit_code::internal);
  return access;
}

}  // namespace weir::io
