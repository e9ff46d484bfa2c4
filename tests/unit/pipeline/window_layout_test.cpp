#include <gtest/gtest.h>

#include <weir/pipeline/window_layout.hpp>

namespace weir::pipeline {
namespace {

constexpr filter_reach reach{.before = 160, .after = 100, .grid = 64};
constexpr filter_reach causal{.before = 320, .after = 0, .grid = 64};
constexpr filter_reach wrapping{.before = 160, .after = 100, .grid = 64, .wraps = true};

TEST(positions, stop_at_the_ends_of_the_recording) {
  EXPECT_EQ(positions_of({0, 64}, 1000, reach), (position_range{0, 164}));
  EXPECT_EQ(positions_of({192, 256}, 1000, reach), (position_range{32, 356}));
  EXPECT_EQ(positions_of({960, 1000}, 1000, reach), (position_range{800, 1000}));
}

TEST(positions, hold_what_the_ends_mirror) {
  // A causal filter at the left end mirrors samples that lie behind a short block.
  EXPECT_EQ(positions_of({0, 64}, 1000, causal), (position_range{0, 321}));
  EXPECT_EQ(positions_of({64, 128}, 1000, causal), (position_range{0, 257}));
  EXPECT_EQ(positions_of({960, 1000}, 1000, {.before = 0, .after = 100}), (position_range{899, 1000}));
}

TEST(positions, go_on_beyond_the_ends_when_the_filter_wraps) {
  EXPECT_EQ(positions_of({0, 64}, 1000, wrapping), (position_range{-160, 164}));
  EXPECT_EQ(positions_of({960, 1000}, 1000, wrapping), (position_range{800, 1100}));
}

TEST(window_layout, has_room_for_every_block_and_its_halo) {
  for (const std::size_t sample_size : {2, 4, 8}) {
    for (const std::size_t span : {64, 128, 960, 1000}) {
      for (const filter_reach& r : {reach, causal, wrapping}) {
        const window_layout layout = make_window_layout(3, span, 1000, r, sample_size);
        for (std::size_t begin = 0; begin < 1000; begin += span) {
          const index_range samples{begin, std::min<std::size_t>(begin + span, 1000)};
          const position_range held = positions_of(samples, 1000, r);
          const auto first = static_cast<std::ptrdiff_t>(layout.lead) + held.begin -
                             static_cast<std::ptrdiff_t>(samples.begin);
          EXPECT_GE(first, 0);
          EXPECT_LE(first + static_cast<std::ptrdiff_t>(held.size()),
                    static_cast<std::ptrdiff_t>(layout.stride));
        }
      }
    }
  }
}

TEST(window_layout, begins_blocks_on_cache_lines_and_rows_off_pages) {
  for (const std::size_t sample_size : {2, 4, 8}) {
    const window_layout layout = make_window_layout(2, 4096, 100000, reach, sample_size);
    EXPECT_EQ(layout.lead * sample_size % 64, 0u);
    EXPECT_EQ(layout.stride * sample_size % 64, 0u);
    EXPECT_NE(layout.stride * sample_size % 4096, 0u);
  }
}

}  // namespace
}  // namespace weir::pipeline
