#include <random>
#include <set>

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

/// Doubles samples that are small enough for it, but for `too_large` of them, anywhere in a row of several
/// pairs of segments. All taps but one are nothing.
template <class S, class A>
void expect_saturation_amid_a_row(std::size_t too_large, std::size_t taps) {
  filter_spec spec{std::vector<double>(taps), taps / 3};
  spec.taps[spec.advance] = 2;
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    std::mt19937 random(static_cast<unsigned>(too_large));
    std::uniform_int_distribution<std::int64_t> small(std::numeric_limits<S>::lowest() / 2,
                                                      std::numeric_limits<S>::max() / 2);
    std::vector<S> row(4 * filter.grid() + 5001);
    std::vector<S> expected(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::int64_t x = small(random);
      row[i] = static_cast<S>(x);
      expected[i] = static_cast<S>(2 * x);
    }
    std::set<std::size_t> places;
    while (places.size() < too_large) places.insert(random() % row.size());
    for (const std::size_t place : places) {
      row[place] = std::numeric_limits<S>::max() / 2 + 2;
      expected[place] = std::numeric_limits<S>::max();
    }
    row_counts counts;
    EXPECT_EQ(filtered(filter, {}, row, &counts), expected);
    EXPECT_EQ(counts.clipped, too_large);
  });
}

TYPED_TEST(row_filter_integers, saturate_and_are_counted_amid_long_rows) {
  for (const std::size_t taps : {1, 301}) {
    for (const std::size_t too_large : {0, 1, 1000}) {
      expect_saturation_amid_a_row<std::int16_t, TypeParam>(too_large, taps);
      expect_saturation_amid_a_row<std::uint16_t, TypeParam>(too_large, taps);
    }
    expect_saturation_amid_a_row<std::int32_t, double>(3, taps);
  }
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
