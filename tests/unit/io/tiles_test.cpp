#include <gtest/gtest.h>

#include <weir/io/tiles.hpp>

namespace weir::io::test {
namespace {

constexpr std::size_t mebi = std::size_t{1} << 20;

recording contiguous(time_axis axis, std::size_t channels, std::size_t samples, sample_type type) {
  recording what;
  what.axis = axis;
  what.channels = channels;
  what.samples = samples;
  what.type = type;
  return what;
}

recording chunked(time_axis axis, tile_shape chunk, bool filtered) {
  recording what = contiguous(axis, 10'000, 10'000'000, sample_type::int16);
  what.store.chunked = true;
  what.store.chunk_channels = chunk.channels;
  what.store.chunk_samples = chunk.samples;
  what.store.filtered = filtered;
  return what;
}

TEST(natural_tiles, of_contiguous_data_are_consecutive_bytes) {
  EXPECT_EQ(natural_tiles(contiguous(time_axis::last, 100, 400'000, sample_type::float64)),
            (tile_shape{1, mebi / 8}));
  EXPECT_EQ(natural_tiles(contiguous(time_axis::last, 100'000, 1'000, sample_type::int16)),
            (tile_shape{524, 1'000}));
  EXPECT_EQ(natural_tiles(contiguous(time_axis::first, 1'000, 400'000, sample_type::float32)),
            (tile_shape{1'000, 262}));
  EXPECT_EQ(natural_tiles(contiguous(time_axis::last, 3, 10, sample_type::int16)), (tile_shape{3, 10}));
  EXPECT_EQ(natural_tiles(contiguous(time_axis::first, 3, 10, sample_type::int16)), (tile_shape{3, 10}));
}

TEST(natural_tiles, are_whole_chunks) {
  EXPECT_EQ(natural_tiles(chunked(time_axis::first, {512, 1'024}, true)), (tile_shape{512, 1'024}));
  EXPECT_EQ(natural_tiles(chunked(time_axis::last, {1, 1'000}, true)), (tile_shape{1, 524'000}));
  const tile_shape large{10'000, 10'000};
  EXPECT_EQ(natural_tiles(chunked(time_axis::first, large, true)), large) << "unpacked whole or not at all";
}

TEST(natural_tiles, cut_large_plain_chunks_evenly) {
  const tile_shape time_first = natural_tiles(chunked(time_axis::first, {10'000, 10'000}, false));
  EXPECT_EQ(time_first.channels, 10'000U);
  EXPECT_EQ(10'000 % time_first.samples, 0U);
  EXPECT_LE(time_first.channels * time_first.samples * 2, mebi);
  const tile_shape time_last = natural_tiles(chunked(time_axis::last, {997, 100'000}, false));
  EXPECT_EQ(time_last, (tile_shape{1, 100'000})) << "a prime has no other divisor";
}

TEST(output_chunk, keeps_what_is_reasonable) {
  EXPECT_EQ(output_chunk({512, 1'024}, 512, 2'500, sample_type::int16), (tile_shape{512, 1'024}));
  EXPECT_EQ(output_chunk({1'152, 1'000}, 1'152, 1'000, sample_type::int16), (tile_shape{1'152, 1'000}));
  EXPECT_EQ(output_chunk({32, 1'024}, 10'000, 1'000'000, sample_type::int16), (tile_shape{32, 1'024}))
      << "64 KiB just fits";
}

TEST(output_chunk, goes_to_a_mebibyte_otherwise) {
  for (const tile_shape source : {tile_shape{1, 100}, {100, 1}, {1, 1}, {10'000, 100'000}}) {
    const tile_shape chunk = output_chunk(source, 10'000, 1'000'000, sample_type::float32);
    const std::size_t bytes = chunk.channels * chunk.samples * 4;
    EXPECT_GE(bytes, mebi / 2) << source.channels << " x " << source.samples;
    EXPECT_LE(bytes, 2 * mebi) << source.channels << " x " << source.samples;
  }
}

TEST(output_chunk, stays_inside_the_recording) {
  EXPECT_EQ(output_chunk({5, 128}, 13, 1'009, sample_type::int16), (tile_shape{13, 1'009}));
  EXPECT_EQ(output_chunk({64, 4'096}, 1, 10, sample_type::int16), (tile_shape{1, 10}));
}

TEST(output_chunk, are_never_more_than_a_million) {
  const std::size_t samples = 40'000'000'000;
  const tile_shape chunk = output_chunk({32, 1'024}, 10'000, samples, sample_type::int16);
  EXPECT_LE(ceil_div(10'000, chunk.channels) * ceil_div(samples, chunk.samples), 1'000'000U);
}

}  // namespace
}  // namespace weir::io::test
