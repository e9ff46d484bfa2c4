#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

template <class A>
class row_filter_integers : public testing::Test {};
TYPED_TEST_SUITE(row_filter_integers, every_arithmetic);

TYPED_TEST(row_filter_integers, integers_round_to_even_saturate_and_are_counted) {
  using A = TypeParam;
  // A half of odd numbers is a tie.
  on_every_engine<A>({{0.5}, 0}, [&](const row_filter<A>& filter) {
    std::vector<std::int16_t> row{1, 3, 5, -1, -3, -5, 32767, -32767};
    row.resize(700, 2);
    row_counts counts;
    const auto out = filtered(filter, {}, row, &counts);
    EXPECT_EQ(counts, row_counts{});
    EXPECT_EQ(out.back(), 1);
    if (filter.engine() != "direct") return;  // the transform's rounding error decides ties
    const std::vector<std::int16_t> begin(out.begin(), out.begin() + 8);
    EXPECT_EQ(begin, (std::vector<std::int16_t>{0, 2, 2, 0, -2, -2, 16384, -16384}));
  });
  on_every_engine<A>({{2.0}, 0}, [&](const row_filter<A>& filter) {
    row_counts counts;
    EXPECT_EQ(filtered(filter, {}, std::vector<std::int16_t>{16383, 16384, -16384, -16385, 30000}, &counts),
              (std::vector<std::int16_t>{32766, 32767, -32768, -32768, 32767}));
    EXPECT_EQ(counts.clipped, 3U);
    EXPECT_EQ(filtered(filter, {}, std::vector<std::uint16_t>{0, 1, 32767, 32768, 65535}, &counts),
              (std::vector<std::uint16_t>{0, 2, 65534, 65535, 65535}));
    EXPECT_EQ(counts.clipped, 2U);
    const auto wide =
        filtered(filter, {}, std::vector<std::int32_t>{1 << 29, 3 << 29, -(1 << 29), -(3 << 29)}, &counts);
    EXPECT_NEAR(wide[0], 1 << 30, tolerance<A> * (1U << 31));
    EXPECT_EQ(wide[1], std::numeric_limits<std::int32_t>::max());
    EXPECT_NEAR(wide[2], -(1 << 30), tolerance<A> * (1U << 31));
    EXPECT_EQ(wide[3], std::numeric_limits<std::int32_t>::lowest());
    EXPECT_EQ(counts.clipped, 2U);
    if (filter.engine() != "direct") return;
    EXPECT_EQ(filtered(filter, {}, std::vector<std::int32_t>{-(1 << 30)}, &counts)[0],
              std::numeric_limits<std::int32_t>::lowest());
    EXPECT_EQ(counts.clipped, 0U);
  });
  on_every_engine<A>({{-1.0}, 0}, [&](const row_filter<A>& filter) {
    row_counts counts;
    EXPECT_EQ(filtered(filter, {}, std::vector<std::uint16_t>(1000, 3), &counts),
              std::vector<std::uint16_t>(1000, 0));
    EXPECT_EQ(counts.clipped, 1000U);
  });
}

TYPED_TEST(row_filter_integers, a_nan_that_integers_cannot_hold_is_a_clipped_zero) {
  using A = TypeParam;
  on_every_engine<A>({{0.5, 0.5}, 0}, [&](const row_filter<A>& filter) {
    row_counts counts;
    const auto out =
        filtered(filter, {boundary_mode::constant, std::nan("")}, std::vector<std::int16_t>(600, 8), &counts);
    EXPECT_EQ(out[0], 0);
    EXPECT_EQ(out[1], 8);
    EXPECT_EQ(counts.clipped, 1U);
  });
}

}  // namespace
}  // namespace weir::fir
