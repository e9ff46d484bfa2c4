#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/pipeline/block_choice.hpp>

namespace weir::pipeline {
namespace {

constexpr std::size_t mebi = 1024 * 1024;

block_request channel_major() {
  return {.channels = 100,
          .samples = 400'000,
          .sample_size = 8,
          .tile_channels = 1,
          .tile_samples = 512,
          .reach = {.before = 160, .after = 160, .grid = 1024},
          .window_bytes = 32 * mebi};
}

block_request time_major() {
  return {.channels = 1152,
          .samples = 100'000,
          .sample_size = 2,
          .tile_channels = 1152,
          .tile_samples = 1024,
          .time_first = true,
          .reach = {.before = 160, .after = 160, .grid = 1024},
          .window_bytes = 32 * mebi};
}

std::size_t window_of(const block_grid& grid, const block_request& r) {
  return make_window_layout(grid.block_rows(), grid.block_samples(), r.samples, r.reach, r.sample_size)
      .bytes(r.sample_size);
}

TEST(block_choice, takes_whole_rows_of_channel_major_data_and_reads_nothing_twice) {
  block_request r = channel_major();
  r.samples = 100'000;
  const block_grid grid = choose_blocks(r);
  EXPECT_EQ(grid.block_samples(), r.samples);
  EXPECT_EQ(samples_read(grid, r), r.channels * r.samples);
}

TEST(block_choice, keeps_rows_for_all_ranks_to_share_where_longer_ones_save_little) {
  block_request r = channel_major();
  r.channels = 384;
  r.samples = 6'510'000;
  r.sample_size = 2;
  for (const std::size_t ranks : {1U, 2U, 8U, 16U}) {
    r.ranks = ranks;
    r.window_bytes = ranks * 8 * mebi;
    EXPECT_GE(choose_blocks(r).block_rows(), rows_to_share(ranks)) << ranks;
  }
}

TEST(block_choice, gives_up_rows_to_share_where_neighbours_would_be_most_of_what_is_read) {
  block_request r = channel_major();
  r.samples = 40'000'000;
  r.reach = {.before = 100'000, .after = 100'000, .grid = 1024};
  r.ranks = 4;
  EXPECT_LT(choose_blocks(r).block_rows(), rows_to_share(r.ranks));
}

TEST(block_choice, takes_all_channels_of_time_major_data) {
  const block_request r = time_major();
  const block_grid grid = choose_blocks(r);
  EXPECT_EQ(grid.block_rows(), r.channels);
  EXPECT_EQ(grid.split(), split_axis::time);
}

TEST(block_choice, splits_chunks_that_hold_all_channels_by_time_whatever_the_axis) {
  block_request r = channel_major();
  r.tile_channels = r.channels;
  r.tile_samples = 4096;
  r.domains = 4;
  EXPECT_EQ(choose_blocks(r).split(), split_axis::time);
}

TEST(block_choice, blocks_of_all_rows_fit_the_smallest_window_and_larger_ones) {
  for (block_request r : {channel_major(), time_major()}) {
    r.all_rows = true;
    r.domains = 3;
    for (const std::size_t channels : {1, 2, 1152, 10'000}) {
      r.channels = channels;
      for (const std::size_t times : {1, 4, 50}) {
        r.window_bytes = times * smallest_window(r);
        const block_grid grid = choose_blocks(r);
        EXPECT_EQ(grid.block_rows(), channels);
        EXPECT_LE(window_of(grid, r), r.window_bytes);
      }
    }
  }
}

TEST(block_choice, every_choice_fits_its_window_and_lies_on_the_grid) {
  for (const std::size_t domains : {1, 2, 3, 16, 100}) {
    for (const std::size_t window : {64 * std::size_t{1024}, mebi, 7 * mebi, 1000 * mebi}) {
      for (const std::size_t reach : {0, 1, 160, 5000}) {
        for (const bool wraps : {false, true}) {
          for (const auto split : {std::optional<split_axis>{}, std::optional{split_axis::rows},
                                   std::optional{split_axis::time}}) {
            for (block_request r : {channel_major(), time_major()}) {
              r.domains = domains;
              r.window_bytes = window;
              r.reach = {.before = reach, .after = reach, .grid = 1024, .wraps = wraps};
              r.split = split;
              if (window < smallest_window(r)) {
                EXPECT_THROW(choose_blocks(r), error);
                continue;
              }
              const block_grid grid = choose_blocks(r);
              EXPECT_LE(window_of(grid, r), window);
              EXPECT_TRUE(grid.block_samples() % r.reach.grid == 0 || grid.time_blocks() == 1);
              if (grid.size() < domains) {
                // Idle domains are right only where no even cut would have given the others less to do.
                const std::size_t even_rows = ceil_div(r.channels, domains);
                const std::size_t even_cells = ceil_div(ceil_div(r.samples, r.reach.grid), domains);
                EXPECT_TRUE(grid.block_rows() <= even_rows ||
                            grid.block_samples() <= even_cells * r.reach.grid);
              }
              EXPECT_EQ(grid.split(), split.value_or(grid.split()));
            }
          }
        }
      }
    }
  }
}

TEST(block_choice, leaves_room_for_the_results_of_another_rate) {
  for (const rate_ratio rate :
       {rate_ratio{1, 2}, rate_ratio{1, 10}, rate_ratio{3, 7}, rate_ratio{160, 147}, rate_ratio{5, 1}}) {
    for (const std::size_t cell : {std::size_t{1}, std::size_t{1000}}) {
      for (const std::size_t reach : {0, 160, 5000}) {
        for (block_request r : {channel_major(), time_major()}) {
          // Cells of the grid that hold whole numbers of outputs, and such that do not.
          r.reach = {.before = reach, .after = reach, .grid = cell == 1 ? rate.down : cell};
          r.rate = rate;
          for (const std::size_t window : {smallest_window(r), mebi, 7 * mebi, 1000 * mebi}) {
            r.window_bytes = window;
            if (window < smallest_window(r)) continue;
            const block_grid grid = choose_blocks(r);
            const window_regions regions = regions_for(r, grid.block_rows(), grid.block_samples());
            EXPECT_LE(regions.bytes(r.sample_size), window);
            EXPECT_TRUE(grid.block_samples() % r.reach.grid == 0 || grid.time_blocks() == 1);
            for (std::size_t i = 0; i < grid.time_blocks(); ++i) {
              ASSERT_LE(rate.outputs_in(grid.time_range(i)).size(), regions.results.stride);
            }
          }
        }
      }
    }
  }
}

TEST(block_choice, gives_domains_equal_shares) {
  for (const std::size_t domains : {2, 3, 7, 40}) {
    for (block_request r : {channel_major(), time_major()}) {
      r.samples = 10'000'000;
      r.domains = domains;
      const block_grid grid = choose_blocks(r);
      const std::size_t most_blocks = grid.of_domain(domains, 0).size();
      const double most = static_cast<double>(most_blocks * grid.block_rows() * grid.block_samples());
      EXPECT_LE(most * static_cast<double>(domains), 1.1 * static_cast<double>(r.channels * r.samples));
    }
  }
}

TEST(block_choice, cuts_one_long_channel_along_time) {
  block_request r = channel_major();
  r.channels = 1;
  r.domains = 8;
  EXPECT_GE(choose_blocks(r).time_blocks(), 8u);
}

TEST(block_choice, keeps_the_length_that_was_asked_for) {
  block_request r = channel_major();
  r.block_samples = 2048;
  EXPECT_EQ(choose_blocks(r).block_samples(), 2048u);
  r.block_samples = 300 * mebi;
  r.samples = 400 * mebi;
  EXPECT_THROW(choose_blocks(r), error);
}

TEST(block_choice, takes_the_channels_of_one_chunk_before_a_part_of_them) {
  block_request r = time_major();
  r.channels = 384;
  r.tile_channels = 64;
  r.window_bytes = 16 * mebi;
  // 384 x 65,536 samples of two bytes are three times as much, and those of two chunks a little more.
  r.block_samples = 65'536;
  EXPECT_EQ(choose_blocks(r).block_rows(), 64U);
  for (r.channels = 64; r.channels < 400; ++r.channels) {
    for (const split_axis split : {split_axis::time, split_axis::rows}) {
      r.split = split;
      const std::size_t rows = choose_blocks(r).block_rows();
      EXPECT_TRUE(rows == r.channels || rows % 64 == 0) << rows << " of " << r.channels;
    }
  }
}

TEST(block_choice, takes_a_larger_window_only_where_that_saves_reading) {
  block_request wide = time_major();
  wide.channels = 10'000;
  wide.tile_channels = wide.channels;
  wide.tile_samples = 1;
  // All channels of one cell of the grid take 26 MB.
  wide.window_bytes = 8 * mebi;
  const auto least = static_cast<double>(wide.channels * wide.samples);
  EXPECT_GT(static_cast<double>(samples_read(choose_blocks(wide), wide)), 3 * least);
  for (const std::size_t most : {64 * mebi, 256 * mebi, 1024 * mebi}) {
    const block_grid grid = choose_blocks_up_to(wide, most);
    EXPECT_LE(window_of(grid, wide), most);
    EXPECT_LT(static_cast<double>(samples_read(grid, wide)), 1.5 * least);
  }
  // More than the first that is large enough is not taken.
  EXPECT_LE(window_of(choose_blocks_up_to(wide, 1024 * mebi), wide), 256 * mebi);
  EXPECT_EQ(choose_blocks_up_to(wide, wide.window_bytes).block_rows(), choose_blocks(wide).block_rows());

  const block_request narrow = channel_major();
  EXPECT_LE(window_of(choose_blocks_up_to(narrow, 1024 * mebi), narrow), narrow.window_bytes);
}

TEST(block_choice, evens_spans_out_in_whole_chunks) {
  block_request r = time_major();
  r.tile_channels = 64;
  r.tile_samples = 1;
  r.chunk_samples = 3 * 2048;
  for (r.samples = 5'000'000; r.samples < 5'200'000; r.samples += 10'007) {
    const block_grid grid = choose_blocks(r);
    EXPECT_EQ(grid.block_samples() % r.chunk_samples, 0u) << r.samples;
    EXPECT_LE(window_of(grid, r), r.window_bytes);
  }
}

TEST(block_choice, counts_the_halos_and_the_rest_of_the_tiles_as_read) {
  block_request r = channel_major();
  r.tile_samples = 1;
  // Ten blocks of 40,000 samples: nine inner borders, each read from both sides with 160 samples more.
  EXPECT_EQ(samples_read(block_grid(100, 400'000, 100, 40'000, split_axis::rows), r),
            100u * (400'000 + 9 * 2 * 160));
  r.tile_samples = 1000;
  EXPECT_EQ(samples_read(block_grid(100, 400'000, 100, 40'000, split_axis::rows), r),
            100u * (400'000 + 9 * 2 * 1000));
}

}  // namespace
}  // namespace weir::pipeline
