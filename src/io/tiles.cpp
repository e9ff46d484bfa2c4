#include <algorithm>

#include <weir/io/tiles.hpp>

namespace weir::io {

namespace {

constexpr std::size_t tile_bytes = std::size_t{1} << 20;
/// An unfiltered chunk above this is read and written in parts: nothing asks for the whole of it.
constexpr std::size_t largest_whole_chunk_bytes = std::size_t{8} << 20;
constexpr std::size_t smallest_kept_chunk_bytes = std::size_t{64} << 10;
constexpr std::size_t largest_kept_chunk_bytes = std::size_t{16} << 20;
/// HDF5 keeps about 80 bytes of index for every chunk, and a writer's creator walks it.
constexpr std::size_t most_chunks = 1'000'000;

std::size_t elements(tile_shape shape) {
  return shape.channels * shape.samples;
}

/// The largest divisor of `n` that is at most `limit`, for 1 <= limit.
std::size_t divisor_at_most(std::size_t n, std::size_t limit) {
  for (std::size_t parts = ceil_div(n, limit); parts < n; ++parts) {
    if (n % parts == 0) return n / parts;
  }
  return 1;
}

tile_shape contiguous_tiles(const recording& what, std::size_t wanted) {
  if (what.axis == time_axis::first) {
    return {what.channels, std::clamp(wanted / what.channels, std::size_t{1}, what.samples)};
  }
  if (what.samples >= wanted) return {1, wanted};
  return {std::clamp(wanted / what.samples, std::size_t{1}, what.channels), what.samples};
}

/// A part of a large chunk whose bytes are consecutive: all of its fast axis, some of its slow one.
tile_shape chunk_part(const recording& what, tile_shape chunk, std::size_t wanted) {
  if (what.axis == time_axis::first) {
    const std::size_t slow = std::max<std::size_t>(1, wanted / chunk.channels);
    return {chunk.channels, divisor_at_most(chunk.samples, std::min(slow, chunk.samples))};
  }
  const std::size_t slow = std::max<std::size_t>(1, wanted / chunk.samples);
  return {divisor_at_most(chunk.channels, std::min(slow, chunk.channels)), chunk.samples};
}

}  // namespace

tile_shape natural_tiles(const recording& what) {
  const std::size_t wanted = tile_bytes / size_of(what.type);
  if (!what.store.chunked) return contiguous_tiles(what, wanted);

  const tile_shape chunk{what.store.chunk_channels, what.store.chunk_samples};
  if (elements(chunk) * size_of(what.type) > largest_whole_chunk_bytes && !what.store.filtered) {
    return chunk_part(what, chunk, wanted);
  }
  const std::size_t along_time = std::clamp(wanted / elements(chunk), std::size_t{1},
                                            std::max<std::size_t>(1, ceil_div(what.samples, chunk.samples)));
  return {chunk.channels, chunk.samples * along_time};
}

tile_shape tile_for_span(const recording& what, tile_shape tile, std::size_t span) {
  if (what.store.chunked || what.axis == time_axis::first) return tile;
  const std::size_t width = std::clamp<std::size_t>(span, 1, tile.samples);
  return {std::min(elements(tile) / width, what.channels), tile.samples};
}

tile_shape output_chunk(tile_shape source, std::size_t channels, std::size_t samples, sample_type type) {
  const std::size_t width = size_of(type);
  tile_shape chunk{std::min(source.channels, channels), std::min(source.samples, samples)};
  const auto bytes = [&] { return elements(chunk) * width; };
  const auto count = [&] { return ceil_div(channels, chunk.channels) * ceil_div(samples, chunk.samples); };
  const auto grow = [&] {
    const bool wider =
        chunk.channels < channels && (chunk.channels < chunk.samples || chunk.samples == samples);
    if (wider) {
      chunk.channels = std::min(2 * chunk.channels, channels);
    } else {
      chunk.samples = std::min(2 * chunk.samples, samples);
    }
  };

  if (bytes() < smallest_kept_chunk_bytes) {
    while (bytes() < tile_bytes && count() > 1) grow();
  } else if (bytes() > largest_kept_chunk_bytes) {
    while (bytes() > tile_bytes) {
      std::size_t& longer = chunk.channels > chunk.samples ? chunk.channels : chunk.samples;
      longer = ceil_div(longer, 2);
    }
  }
  while (count() > most_chunks) grow();
  return chunk;
}

}  // namespace weir::io
