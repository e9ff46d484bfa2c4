#include <gtest/gtest.h>

#include <weir/rate_ratio.hpp>

namespace weir {
namespace {

TEST(rate_ratio, is_in_lowest_terms) {
  EXPECT_EQ(make_rate_ratio(48'000, 44'100), (rate_ratio{160, 147}));
  EXPECT_EQ(make_rate_ratio(1, 10), (rate_ratio{1, 10}));
  EXPECT_TRUE(make_rate_ratio(7, 7).is_one());
  EXPECT_DOUBLE_EQ((rate_ratio{2, 5}).of_rate(1000), 400);
}

__extension__ typedef unsigned __int128 wide_number;

/// Output m stands at m down / up: found here by walking over the outputs one by one.
TEST(rate_ratio, places_outputs_on_the_rows_samples) {
  for (const rate_ratio rate : {rate_ratio{1, 1}, rate_ratio{1, 10}, rate_ratio{3, 2}, rate_ratio{2, 5},
                                rate_ratio{160, 147}, rate_ratio{7, 1}}) {
    std::size_t m = 0;
    for (std::size_t n = 0; n < 500; ++n) {
      ASSERT_EQ(rate.outputs_before(n), m) << n;
      const index_range here = rate.outputs_in({n, n + 1});
      for (; m * rate.down < (n + 1) * rate.up; ++m) {
        ASSERT_EQ(rate.sample_at(m), n);
        ASSERT_EQ(rate.remainder_at(m), m * rate.down - n * rate.up);
        ASSERT_TRUE(here.begin <= m && m < here.end);
      }
      ASSERT_EQ(here.end, m);
    }
  }
}

TEST(rate_ratio, is_exact_where_products_would_overflow) {
  const rate_ratio rate{1'000'003, 999'983};
  const std::size_t many = std::size_t{1} << 52;
  // many * up needs 72 bits.
  const auto wide = (static_cast<wide_number>(many) * rate.up + rate.down - 1) / rate.down;
  EXPECT_EQ(rate.outputs_before(many), static_cast<std::size_t>(wide));
  EXPECT_EQ(rate.sample_at(many),
            static_cast<std::size_t>(static_cast<wide_number>(many) * rate.down / rate.up));
}

}  // namespace
}  // namespace weir
