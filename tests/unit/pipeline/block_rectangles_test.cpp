#include <gtest/gtest.h>

#include <weir/block_rectangles.hpp>

namespace weir {
namespace {

/// Every block of `chosen` lies in the one rectangle that names its number, and the rectangles are as large
/// as their blocks together.
void expect_tiles(const block_grid& grid, const block_set& chosen) {
  block_set named;
  for (const block_rectangle& rectangle : rectangles_of(grid, chosen)) {
    std::size_t samples = 0;
    for (std::size_t i = rectangle.blocks.begin; i < rectangle.blocks.end; ++i) {
      const block one = grid[i];
      EXPECT_EQ(intersection(one.rows, rectangle.where.rows), one.rows);
      EXPECT_EQ(intersection(one.samples, rectangle.where.samples), one.samples);
      samples += one.rows.size() * one.samples.size();
    }
    EXPECT_EQ(rectangle.where.rows.size() * rectangle.where.samples.size(), samples);
    named.add(rectangle.blocks);
  }
  EXPECT_EQ(named, chosen);
}

TEST(block_rectangles, every_range_of_numbers_is_covered_by_at_most_three) {
  for (const split_axis split : {split_axis::rows, split_axis::time}) {
    const block_grid grid(11, 103, 3, 20, split);
    for (std::size_t begin = 0; begin < grid.size(); ++begin) {
      for (std::size_t end = begin + 1; end <= grid.size(); ++end) {
        const block_set chosen(index_range{begin, end});
        expect_tiles(grid, chosen);
        EXPECT_LE(rectangles_of(grid, chosen).size(), 3U);
      }
    }
  }
}

TEST(block_rectangles, whole_lines_are_one) {
  const block_grid grid(11, 103, 3, 20, split_axis::rows);
  const auto lines = rectangles_of(grid, block_set(index_range{6, 18}));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0], (block_rectangle{{{3, 9}, {0, 103}}, {6, 18}}));
  EXPECT_EQ(rectangles_of(grid, block_set(index_range{0, 24}))[0].where, (block{{0, 11}, {0, 103}}));
}

TEST(block_rectangles, ranges_apart_stay_apart) {
  const block_grid grid(4, 100, 4, 10, split_axis::time);
  block_set chosen(index_range{0, 3});
  chosen.add(index_range{5, 6});
  const auto found = rectangles_of(grid, chosen);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].where, (block{{0, 4}, {0, 30}}));
  EXPECT_EQ(found[1].where, (block{{0, 4}, {50, 60}}));
  EXPECT_TRUE(rectangles_of(grid, {}).empty());
}

}  // namespace
}  // namespace weir
