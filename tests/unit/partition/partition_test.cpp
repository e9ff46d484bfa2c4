#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <weir/partition.hpp>

using namespace weir;

namespace {

constexpr std::size_t counts[] = {0, 1, 2, 3, 7, 8, 63, 64, 65, 1000, 10'007};
constexpr std::size_t parts_tried[] = {1, 2, 3, 4, 5, 8, 16, 100, 1024};

TEST(part_of, covers_all_items_in_order_without_overlap) {
  for (const std::size_t n : counts) {
    for (const std::size_t parts : parts_tried) {
      std::size_t next = 0;
      for (std::size_t part = 0; part < parts; ++part) {
        const index_range range = part_of(n, parts, part);
        ASSERT_EQ(range.begin, next) << n << " items, part " << part << " of " << parts;
        ASSERT_GE(range.end, range.begin);
        next = range.end;
      }
      ASSERT_EQ(next, n);
    }
  }
}

TEST(part_of, gives_sizes_that_differ_by_one_at_most_and_the_longer_ones_first) {
  for (const std::size_t n : counts) {
    for (const std::size_t parts : parts_tried) {
      const std::size_t first = part_of(n, parts, 0).size();
      for (std::size_t part = 1; part < parts; ++part) {
        const std::size_t size = part_of(n, parts, part).size();
        ASSERT_LE(size, part_of(n, parts, part - 1).size());
        ASSERT_LE(first - size, 1U);
      }
    }
  }
}

TEST(part_of, does_not_overflow_where_n_times_parts_would) {
  constexpr std::size_t n = std::size_t{1} << 62;
  constexpr std::size_t parts = 1000;
  EXPECT_EQ(part_of(n, parts, parts - 1).end, n);
  EXPECT_EQ(part_that_holds(n, parts, n - 1), parts - 1);
}

TEST(part_that_holds, is_the_inverse_of_part_of) {
  for (const std::size_t n : counts) {
    for (const std::size_t parts : parts_tried) {
      for (std::size_t index = 0; index < n; index += 1 + n / 97) {
        const index_range range = part_of(n, parts, part_that_holds(n, parts, index));
        ASSERT_TRUE(range.begin <= index && index < range.end) << index << " of " << n << " in " << parts;
      }
    }
  }
}

TEST(intersection, holds_what_both_ranges_hold) {
  for (std::size_t a = 0; a < 6; ++a) {
    for (std::size_t b = a; b < 6; ++b) {
      for (std::size_t c = 0; c < 6; ++c) {
        for (std::size_t d = c; d < 6; ++d) {
          const index_range both = intersection({a, b}, {c, d});
          ASSERT_LE(both.begin, both.end);
          for (std::size_t i = 0; i < 6; ++i) {
            const bool in_both = a <= i && i < b && c <= i && i < d;
            ASSERT_EQ(both.begin <= i && i < both.end, in_both);
          }
        }
      }
    }
  }
}

TEST(rounding, goes_up_to_whole_steps) {
  EXPECT_EQ(ceil_div(0, 5), 0U);
  EXPECT_EQ(ceil_div(10, 5), 2U);
  EXPECT_EQ(ceil_div(11, 5), 3U);
  EXPECT_EQ(round_up(0, 5), 0U);
  EXPECT_EQ(round_up(11, 5), 15U);
  EXPECT_EQ(ceil_div(~std::size_t{0}, 2), std::size_t{1} << 63) << "n + step - 1 would overflow";
}

struct recording {
  std::size_t rows, samples, cell, parts;
};

/// Checks everything that a row_split promises, sample by sample.
void check_split(const recording& r) {
  SCOPED_TRACE(testing::Message() << r.rows << " x " << r.samples << ", cells of " << r.cell << ", "
                                  << r.parts << " parts");
  const row_split split(r.rows, r.samples, r.cell, r.parts);
  std::vector<int> owners(r.rows * r.samples, 0);
  std::vector<std::size_t> cells_of_part;
  bool any_cut = false;
  std::size_t position = 0;
  for (std::size_t part = 0; part < r.parts; ++part) {
    std::size_t cells = 0;
    const std::size_t pieces = split.pieces(part);
    for (std::size_t i = 0; i < pieces; ++i) {
      const row_piece piece = split.piece(part, i);
      ASSERT_LT(piece.row, r.rows);
      ASSERT_LT(piece.samples.begin, piece.samples.end);
      ASSERT_LE(piece.samples.end, r.samples);
      ASSERT_EQ(piece.samples.begin % r.cell, 0U) << "cuts lie on the grid";
      ASSERT_TRUE(piece.samples.end % r.cell == 0 || piece.samples.end == r.samples);
      ASSERT_EQ(piece.row * r.samples + piece.samples.begin, position) << "parts are consecutive";
      position += piece.samples.size();
      const bool whole = piece.samples == index_range{0, r.samples};
      ASSERT_TRUE(whole || i == 0 || i + 1 == pieces) << "only the first and last row are shared";
      any_cut = any_cut || !whole;
      cells += ceil_div(piece.samples.size(), r.cell);
      for (std::size_t s = piece.samples.begin; s < piece.samples.end; ++s)
        ++owners[piece.row * r.samples + s];
    }
    cells_of_part.push_back(cells);
  }
  ASSERT_EQ(std::ranges::count(owners, 1), std::ptrdiff_t(owners.size())) << "every sample has one owner";
  ASSERT_EQ(split.cuts_rows(), any_cut);
  const auto [fewest, most] = std::ranges::minmax(cells_of_part);
  ASSERT_LE(most - fewest, 1U);
}

TEST(row_split, divides_cells_evenly_and_covers_every_sample_once) {
  for (const std::size_t rows : {1, 2, 3, 8, 13}) {
    for (const std::size_t samples : {1, 9, 10, 11, 100}) {
      for (const std::size_t cell : {1, 3, 10, 64}) {
        for (const std::size_t parts : {1, 2, 3, 4, 8, 40}) check_split({rows, samples, cell, parts});
      }
    }
  }
}

TEST(row_split, holds_for_random_recordings) {
  std::mt19937 random(20240229);
  const auto pick = [&](std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(least, most)(random);
  };
  for (int i = 0; i < 300; ++i) check_split({pick(1, 40), pick(1, 300), pick(1, 80), pick(1, 50)});
}

TEST(row_split, has_nothing_to_do_without_rows_or_samples) {
  for (const recording& r : {recording{0, 100, 10, 4}, recording{5, 0, 10, 4}}) check_split(r);
}

TEST(row_split, keeps_rows_whole_where_they_divide_evenly) {
  const row_split even(8, 1000, 64, 4);
  EXPECT_FALSE(even.cuts_rows());
  for (std::size_t part = 0; part < 4; ++part) EXPECT_EQ(even.pieces(part), 2U);
  const row_split one_channel(1, 1000, 64, 16);
  EXPECT_TRUE(one_channel.cuts_rows());
}

// The arithmetic is the compiler's too.
static_assert(part_of(10, 4, 0) == index_range{0, 3} && part_of(10, 4, 3) == index_range{8, 10});
static_assert(row_split(2, 10, 5, 4).piece(3, 0) == row_piece{1, {5, 10}});

}  // namespace
