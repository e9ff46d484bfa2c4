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

TEST(tile_for_span, has_as_many_bytes_of_narrow_rows) {
  const recording what = contiguous(time_axis::last, 10'000, 600'000, sample_type::int16);
  const tile_shape natural = natural_tiles(what);
  EXPECT_EQ(tile_for_span(what, natural, 600'000), natural);
  EXPECT_EQ(tile_for_span(what, natural, natural.samples), natural);
  for (const std::size_t span : {1U, 50U, 3'300U, 100'000U, 300'000U}) {
    const tile_shape tile = tile_for_span(what, natural, span);
    EXPECT_EQ(tile.samples, natural.samples);
    EXPECT_LE(tile.channels * span * 2, mebi) << "what is staged stays as large";
    const bool has_all_channels = tile.channels == what.channels;
    EXPECT_TRUE(has_all_channels || (tile.channels + 1) * span * 2 > mebi) << span;
  }
  EXPECT_EQ(tile_for_span(what, natural, 3'300).channels, 158U);
}

TEST(tile_for_span, is_natural_where_rows_come_together) {
  const recording time_first = contiguous(time_axis::first, 1'000, 400'000, sample_type::float32);
  EXPECT_EQ(tile_for_span(time_first, natural_tiles(time_first), 10), natural_tiles(time_first));
  const recording in_chunks = chunked(time_axis::last, {1, 1'000}, true);
  EXPECT_EQ(tile_for_span(in_chunks, natural_tiles(in_chunks), 10), natural_tiles(in_chunks));
  const recording short_rows = contiguous(time_axis::last, 100'000, 1'000, sample_type::int16);
  EXPECT_EQ(tile_for_span(short_rows, natural_tiles(short_rows), 5'000), natural_tiles(short_rows))
      << "a halo that wraps is wider than the recording";
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
