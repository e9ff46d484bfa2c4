#include <vector>

#include <gtest/gtest.h>

#include <weir/tile_cover.hpp>

namespace weir {
namespace {

TEST(tile_cover, covers_a_rectangle_once_with_parts_of_single_tiles) {
  for (const split_axis order : {split_axis::rows, split_axis::time}) {
    for (const tile_shape tile : {tile_shape{1, 1}, {2, 5}, {3, 100}, {100, 7}}) {
      const block rectangle{{2, 9}, {13, 31}};
      std::vector<int> covered(10 * 40);
      const tile_cover cover(rectangle, tile, order);
      for (std::size_t i = 0; i < cover.size(); ++i) {
        const block b = cover[i];
        ASSERT_FALSE(b.rows.empty() || b.samples.empty());
        EXPECT_EQ(b.rows.begin / tile.channels, (b.rows.end - 1) / tile.channels);
        EXPECT_EQ(b.samples.begin / tile.samples, (b.samples.end - 1) / tile.samples);
        for (std::size_t r = b.rows.begin; r < b.rows.end; ++r) {
          for (std::size_t s = b.samples.begin; s < b.samples.end; ++s) ++covered[r * 40 + s];
        }
      }
      for (std::size_t r = 0; r < 10; ++r) {
        for (std::size_t s = 0; s < 40; ++s) {
          EXPECT_EQ(covered[r * 40 + s], r >= 2 && r < 9 && s >= 13 && s < 31 ? 1 : 0);
        }
      }
    }
  }
}

TEST(tile_cover, goes_in_the_order_of_the_file) {
  const block rectangle{{0, 2}, {0, 4}};
  EXPECT_EQ(tile_cover(rectangle, {1, 2}, split_axis::rows)[1], (block{{0, 1}, {2, 4}}));
  EXPECT_EQ(tile_cover(rectangle, {1, 2}, split_axis::time)[1], (block{{1, 2}, {0, 2}}));
}

TEST(tile_cover, of_nothing_is_empty) {
  EXPECT_EQ(tile_cover({{3, 3}, {0, 9}}, {2, 2}, split_axis::rows).size(), 0u);
  EXPECT_EQ(tile_cover({{0, 3}, {9, 9}}, {2, 2}, split_axis::time).size(), 0u);
}

}  // namespace
}  // namespace weir
