#include <map>
#include <utility>

#include <gtest/gtest.h>

#include <weir/pipeline/whole_chunks.hpp>

namespace weir::pipeline {
namespace {

constexpr std::size_t mebi = 1024 * 1024;

/// 64 channels of 16-bit integers, one after the other in the file, filtered by FFT on two ranks.
block_request long_rows() {
  return {.channels = 64,
          .samples = 1'000'000'000,
          .sample_size = 2,
          .tile_samples = 2048,
          .reach = {.before = 160, .after = 160, .grid = 1728},
          .ranks = 2,
          .window_bytes = 72 * mebi};
}

chunked_output output_of(const block_request& r, tile_shape chunk) {
  return {.chunk = chunk, .channels = r.channels, .selected = covered(r), .rate = r.rate};
}

std::optional<block_grid> whole(const block_request& r, const chunked_output& output, std::size_t most) {
  const std::uint64_t most_read = 2 * samples_read(choose_blocks(r), r);
  return choose_whole_chunks(for_whole_chunks(r, output), most_read, most);
}

std::uint64_t cut(const block_grid& blocks, const chunked_output& output) {
  return chunks_cut_by(blocks, output.selected, output).cut;
}

/// The same, with a look at every piece.
cut_chunks counted(const block_grid& blocks, index_range span, const chunked_output& output) {
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> pieces;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const block held = in_result(in_recording(blocks[i], span.begin), output.selected, output.rate);
    const tile_cover cover(held, output.chunk, split_axis::rows);
    for (std::size_t k = 0; k < cover.size(); ++k) {
      const block piece = cover[k];
      ++pieces[{piece.rows.begin / output.chunk.channels, piece.samples.begin / output.chunk.samples}];
    }
  }
  cut_chunks found{.chunks = pieces.size()};
  for (const auto& [chunk, count] : pieces) {
    if (count == 1) continue;
    ++found.cut;
    found.pieces += count;
  }
  return found;
}

TEST(whole_chunks, are_all_chunks_of_a_long_recording_though_the_grid_does_not_divide_them) {
  const block_request r = long_rows();
  const chunked_output output = output_of(r, {1, mebi / 2});
  const auto blocks = whole(r, output, 72 * mebi);
  ASSERT_TRUE(blocks);
  EXPECT_EQ(cut(*blocks, output), 0u);
  // Those that the chunks were not asked for cut most of them.
  EXPECT_GT(2 * cut(choose_blocks(r), output), chunks_cut_by(*blocks, covered(r), output).chunks);
}

TEST(whole_chunks, are_counted_from_where_the_output_begins) {
  block_request r = long_rows();
  r.span = index_range{20'123, 900'000'001};
  const chunked_output output = output_of(r, {1, mebi / 2});
  const auto blocks = whole(r, output, 72 * mebi);
  ASSERT_TRUE(blocks);
  EXPECT_EQ(blocks->samples(), r.span->size());
  EXPECT_EQ(cut(*blocks, output), 0u);
}

TEST(whole_chunks, are_those_of_another_rate) {
  for (const rate_ratio rate :
       {rate_ratio{1, 2}, rate_ratio{1, 10}, rate_ratio{3, 7}, rate_ratio{160, 147}, rate_ratio{2, 1}}) {
    block_request r = long_rows();
    r.rate = rate;
    r.reach.grid = rate.down;
    r.span = index_range{20'123, 900'000'001};
    const chunked_output output = output_of(r, {1, mebi / 16});
    const auto blocks = whole(r, output, 512 * mebi);
    ASSERT_TRUE(blocks) << rate.up << "/" << rate.down;
    EXPECT_EQ(cut(*blocks, output), 0u) << rate.up << "/" << rate.down;
  }
}

TEST(whole_chunks, have_all_of_their_rows) {
  block_request r = long_rows();
  r.split = split_axis::rows;
  for (const std::size_t domains : {1, 2, 3, 5}) {
    r.domains = domains;
    const chunked_output output = output_of(r, {4, mebi / 8});
    const auto blocks = whole(r, output, 72 * mebi);
    ASSERT_TRUE(blocks) << domains;
    EXPECT_EQ(cut(*blocks, output), 0u) << domains;
  }
}

TEST(whole_chunks, take_a_larger_window_where_there_is_room_for_one) {
  block_request r = long_rows();
  r.window_bytes = 2 * mebi;
  const chunked_output output = output_of(r, {1, mebi});
  EXPECT_FALSE(whole(r, output, 2 * mebi));
  const auto blocks = whole(r, output, 10 * mebi);
  ASSERT_TRUE(blocks);
  EXPECT_EQ(cut(*blocks, output), 0u);
}

TEST(whole_chunks, are_given_up_where_more_would_be_read_than_is_wanted) {
  const block_request r = for_whole_chunks(long_rows(), output_of(long_rows(), {1, mebi / 2}));
  const auto blocks = choose_whole_chunks(r, 2 * r.channels * r.samples, r.window_bytes);
  ASSERT_TRUE(blocks);
  const std::uint64_t read = samples_read(*blocks, r);
  EXPECT_TRUE(choose_whole_chunks(r, read, r.window_bytes));
  EXPECT_FALSE(choose_whole_chunks(r, read - 1, r.window_bytes));
}

TEST(whole_chunks, are_given_up_where_ranks_would_wait_for_them) {
  block_request r = long_rows();
  r.ranks = 16;
  // Eight such chunks fit.
  EXPECT_FALSE(whole(r, output_of(r, {1, 4 * mebi}), 72 * mebi));
  r.ranks = 8;
  EXPECT_TRUE(whole(r, output_of(r, {1, 4 * mebi}), 72 * mebi));
  // Three domains do not share four chunks.
  r.channels = 1;
  r.samples = 4 * mebi;
  r.ranks = 1;
  r.domains = 3;
  EXPECT_FALSE(whole(r, output_of(r, {1, mebi}), 72 * mebi));
}

/// Whether every block, with its halo and what is computed beside it, lies inside its row of the window.
void expect_room(const block_grid& blocks, const block_request& r) {
  const window_regions regions = regions_for(r, blocks.block_rows(), blocks.block_samples());
  EXPECT_LE(regions.bytes(r.sample_size), r.window_bytes);
  for (std::size_t i = 0; i < blocks.time_blocks(); ++i) {
    const index_range own = blocks.time_range(i);
    const std::size_t begin = covered(r).begin;
    const index_range all = computed(r, {own.begin + begin, own.end + begin});
    const position_range held = positions_of(all, r.samples, r.reach);
    const auto first = static_cast<std::ptrdiff_t>(all.begin);
    ASSERT_LE(first - held.begin, static_cast<std::ptrdiff_t>(regions.input.lead));
    ASSERT_LE(regions.input.lead + static_cast<std::size_t>(held.end - first), regions.input.stride);
    ASSERT_TRUE(r.rate.is_one() || r.rate.outputs_in(all).size() <= regions.results.stride);
  }
}

TEST(whole_chunks, find_room_for_what_is_computed_beside_them) {
  std::map<std::size_t, std::size_t> found;
  for (const std::size_t samples : {20'000'000, 250'001}) {
    for (const std::size_t grid : {1, 1000, 1728, 100'000}) {
      for (const std::size_t domains : {1, 2, 7}) {
        for (const std::size_t window : {mebi, 9 * mebi, 40 * mebi}) {
          for (const rate_ratio rate : {rate_ratio{}, rate_ratio{1, 4}, rate_ratio{3, 2}}) {
            block_request r = long_rows();
            r.samples = samples;
            r.span = index_range{777, samples - 1};
            r.reach.grid = grid * rate.down;
            r.rate = rate;
            r.domains = domains;
            r.window_bytes = window;
            r.split = split_axis::time;
            if (window < smallest_window(r)) continue;
            const block_request asked = for_whole_chunks(r, output_of(r, {2, 65'536}));
            const auto blocks = find_blocks(asked);
            if (!blocks) continue;
            ++found[samples];
            expect_room(*blocks, asked);
          }
        }
      }
    }
  }
  EXPECT_GT(found[20'000'000], 30U);
  EXPECT_GT(found[250'001], 10U);
}

TEST(whole_chunks, have_neighbours_though_all_of_the_row_is_computed_for_each) {
  block_request r = long_rows();
  r.samples = 4000;
  r.split = split_axis::time;
  r.domains = 2;
  const block_request asked = for_whole_chunks(r, output_of(r, {24, 1000}));
  const auto blocks = find_blocks(asked);
  ASSERT_TRUE(blocks);
  ASSERT_GT(blocks->time_blocks(), 1U);
  expect_room(*blocks, asked);
}

TEST(whole_chunks, counts_what_blocks_cut) {
  for (const rate_ratio rate : {rate_ratio{}, rate_ratio{1, 4}, rate_ratio{3, 7}}) {
    for (const std::size_t rows : {1, 3, 4, 10}) {
      for (const std::size_t samples : {7, 64, 100, 5000}) {
        const chunked_output output{.chunk = {4, 64}, .channels = 10, .selected = {13, 3001}, .rate = rate};
        for (const index_range span : {index_range{13, 3001}, index_range{0, 3007}}) {
          const block_grid blocks(10, span.size(), rows, samples, split_axis::rows);
          const cut_chunks got = chunks_cut_by(blocks, span, output);
          const cut_chunks expected = counted(blocks, span, output);
          EXPECT_EQ(got.chunks, expected.chunks);
          EXPECT_EQ(got.cut, expected.cut) << rows << " x " << samples;
          EXPECT_EQ(got.pieces, expected.pieces) << rows << " x " << samples;
        }
      }
    }
  }
}

}  // namespace
}  // namespace weir::pipeline
