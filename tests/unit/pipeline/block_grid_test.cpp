#include <vector>

#include <gtest/gtest.h>

#include <weir/block_grid.hpp>

namespace weir {
namespace {

class block_grid_test : public testing::TestWithParam<split_axis> {};

TEST_P(block_grid_test, blocks_cover_every_sample_once) {
  for (const std::size_t rows : {1, 3, 10}) {
    for (const std::size_t samples : {1, 7, 64}) {
      for (const std::size_t block_rows : {1, 2, 4, 10}) {
        for (const std::size_t block_samples : {1, 5, 64, 100}) {
          const block_grid grid(rows, samples, block_rows, block_samples, GetParam());
          std::vector<int> covered(rows * samples);
          for (std::size_t i = 0; i < grid.size(); ++i) {
            const block b = grid[i];
            ASSERT_FALSE(b.rows.empty() || b.samples.empty());
            for (std::size_t r = b.rows.begin; r < b.rows.end; ++r) {
              for (std::size_t s = b.samples.begin; s < b.samples.end; ++s) ++covered[r * samples + s];
            }
          }
          EXPECT_EQ(covered, std::vector<int>(rows * samples, 1));
        }
      }
    }
  }
}

TEST_P(block_grid_test, domains_take_all_blocks_in_order) {
  const block_grid grid(10, 100, 3, 9, GetParam());
  for (const std::size_t domains : {1, 2, 7, 100}) {
    std::size_t next = 0;
    for (std::size_t d = 0; d < domains; ++d) {
      EXPECT_EQ(grid.of_domain(domains, d).begin, next);
      next = grid.of_domain(domains, d).end;
    }
    EXPECT_EQ(next, grid.size());
  }
}

INSTANTIATE_TEST_SUITE_P(splits, block_grid_test, testing::Values(split_axis::rows, split_axis::time));

TEST(block_grid, split_by_rows_gives_a_domain_consecutive_rows) {
  const block_grid grid(8, 100, 2, 30, split_axis::rows);
  const index_range first = grid.of_domain(2, 0);
  for (std::size_t i = first.begin; i < first.end; ++i) EXPECT_LE(grid[i].rows.end, 4u);
}

TEST(block_grid, split_by_time_gives_a_domain_consecutive_samples) {
  const block_grid grid(8, 100, 2, 25, split_axis::time);
  const index_range first = grid.of_domain(2, 0);
  for (std::size_t i = first.begin; i < first.end; ++i) EXPECT_LE(grid[i].samples.end, 50u);
}

}  // namespace
}  // namespace weir
