#include <algorithm>
#include <cfenv>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/fir/row_filter.hpp>

#include "oracle.hpp"

namespace weir::fir {
namespace {

/// What the headers promise: the error of an output, as a share of sum|taps| * max|x|.
template <class A>
constexpr double tolerance = std::is_same_v<A, double> ? 1e-14 : 2e-6;

template <class A, class S>
struct types {
  using arithmetic = A;
  using storage = S;
};

/// Filters a whole row in one call, out of place, with contexts from the oracle's walk.
template <class A, class S>
std::vector<S> filtered(const row_filter<A>& filter, const boundary& edge, const std::vector<S>& row,
                        row_counts* counts = nullptr) {
  std::vector<S> out = row;
  auto work = filter.make_scratch();
  const row_counts seen = filter_row<A, S>(filter, edge, out, work);
  if (counts != nullptr) *counts = seen;
  return out;
}

/// The extended row's samples of a piece's neighbourhood, as a caller that cuts rows gathers them.
template <class A, class S>
std::vector<A> context(const boundary& edge, const std::vector<S>& row, std::ptrdiff_t first,
                       std::size_t count) {
  std::vector<A> out(count);
  extend<S, A>(edge, row.size(), {row.data(), 0, row.size()}, first, out);
  return out;
}

template <class S>
bool same_bits(const std::vector<S>& a, const std::vector<S>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

template <class T>
class row_filter_of : public testing::Test {};

using every_type =
    testing::Types<types<double, double>, types<float, float>, types<double, float>, types<float, double>,
                   types<double, std::int16_t>, types<float, std::int16_t>, types<float, std::uint16_t>,
                   types<double, std::int32_t>, types<float, std::int32_t>>;
TYPED_TEST_SUITE(row_filter_of, every_type);

/// Calls `test` with every engine on every instruction set of this machine.
template <class A>
void on_every_engine(const filter_spec& spec, const auto& test) {
  for (const instruction_set set : available_instruction_sets()) {
    for (const method how : {method::direct, method::fft}) {
      const row_filter<A> filter(spec, how, set);
      SCOPED_TRACE(std::string(filter.engine()) + " on " + std::string(name_of(set)) + ", " +
                   std::to_string(spec.taps.size()) + " taps, advance " + std::to_string(spec.advance));
      test(filter);
      if (testing::Test::HasFailure()) return;
    }
  }
}

std::vector<filter_spec> filters_of_every_kind() {
  return {{{1.0}, 0},
          {{-0.5}, 0},
          {oracle::random_taps(2, 1), 0},
          {oracle::random_taps(2, 2), 1},
          {oracle::random_symmetric_taps(15, 3), 7},
          {oracle::random_taps(15, 4), 7},
          {oracle::random_taps(64, 5), 0},
          {oracle::random_taps(63, 6), 62},
          {oracle::random_symmetric_taps(129, 7), 64},
          {oracle::random_symmetric_taps(321, 8), 0},
          {oracle::random_taps(700, 9), 123}};
}

/// Compares with the exact sum. Integer results are the exact one rounded, but where it is so close to a tie
/// that the arithmetic's error decides.
template <class A, class S>
void expect_close(const std::vector<S>& out, const std::vector<long double>& expected,
                  const filter_spec& spec, const std::vector<S>& row) {
  long double largest = 0;
  for (const S x : row) largest = std::max(largest, std::abs(static_cast<long double>(x)));
  long double bound = tolerance<A> * absolute_sum(spec) * largest;
  if (std::is_same_v<S, float>) bound += largest * std::numeric_limits<float>::epsilon() / 2;
  if (std::numeric_limits<S>::is_integer) bound += 0.5L;
  for (std::size_t i = 0; i < out.size(); ++i) {
    long double wanted = expected[i];
    if (std::numeric_limits<S>::is_integer) {
      wanted =
          std::clamp<long double>(wanted, std::numeric_limits<S>::lowest(), std::numeric_limits<S>::max());
    }
    ASSERT_LE(std::abs(static_cast<long double>(out[i]) - wanted), bound)
        << "sample " << i << " of " << out.size();
  }
}

TYPED_TEST(row_filter_of, agrees_with_the_exact_sum_at_lengths_around_every_boundary) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  for (const filter_spec& spec : filters_of_every_kind()) {
    on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
      std::vector<std::size_t> lengths{1, 2, 3, 17, 79, 80, 81, 160, 161, 1023, 1025};
      for (const std::size_t grid : {filter.grid() / 2, filter.grid(), 2 * filter.grid()}) {
        for (const std::size_t length : {grid - 1, grid, grid + 1}) {
          if (length > 0 && length < 5000) lengths.push_back(length);
        }
      }
      for (const std::size_t length : lengths) {
        const boundary edge{length % 2 == 0 ? boundary_mode::reflect : boundary_mode::nearest};
        const std::vector<S> row = oracle::random_row<S>(length, static_cast<std::uint32_t>(length));
        const auto expected = oracle::filtered(spec, edge, oracle::exact(row));
        ASSERT_NO_FATAL_FAILURE((expect_close<A, S>(filtered(filter, edge, row), expected, spec, row)));
      }
    });
  }
}

TYPED_TEST(row_filter_of, every_boundary_mode) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  const filter_spec spec{oracle::random_taps(75, 10), 30};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    for (const boundary_mode mode : {boundary_mode::reflect, boundary_mode::mirror, boundary_mode::nearest,
                                     boundary_mode::wrap, boundary_mode::constant, boundary_mode::odd}) {
      for (const std::size_t length : {1, 40, 300}) {
        const boundary edge{mode, 100.5};
        std::vector<S> row = oracle::random_row<S>(length, 11);
        if (mode == boundary_mode::odd) std::fill(row.begin(), row.end(), S{100});
        if (mode == boundary_mode::odd) row.back() = S{101};
        std::vector<long double> exact = oracle::exact(row);
        const auto expected = oracle::filtered(spec, edge, exact);
        // The boundary's values can be the largest ones that an output sees.
        std::vector<S> with_boundary = row;
        with_boundary.push_back(S{110});
        ASSERT_NO_FATAL_FAILURE(
            (expect_close<A, S>(filtered(filter, edge, row), expected, spec, with_boundary)));
      }
    }
  });
}

TYPED_TEST(row_filter_of, cuts_on_the_grid_do_not_change_a_bit) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  for (const filter_spec& spec : {filter_spec{oracle::random_symmetric_taps(31, 12), 15},
                                  filter_spec{oracle::random_taps(40, 13), 3}}) {
    on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
      const std::size_t grid = filter.grid();
      const std::size_t length = grid == 1 ? 333 : 3 * grid + grid / 2 + 5;
      const boundary edge{boundary_mode::reflect};
      const std::vector<S> row = oracle::random_row<S>(length, 14);
      const std::vector<S> whole = filtered(filter, edge, row);
      auto work = filter.make_scratch();
      for (std::size_t cut = grid; cut < length; cut += grid) {
        for (const bool in_place : {true, false}) {
          std::vector<S> out = in_place ? row : std::vector<S>(length);
          for (const auto& [begin, end] : {std::pair{std::size_t{0}, cut}, std::pair{cut, length}}) {
            const auto before = context<A>(
                edge, row, static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(filter.before()),
                filter.before());
            const auto after = context<A>(edge, row, static_cast<std::ptrdiff_t>(end), filter.after());
            const std::span<S> piece = std::span<S>(out).subspan(begin, end - begin);
            const std::span<const S> in =
                in_place ? piece : std::span<const S>(row).subspan(begin, end - begin);
            filter(before, in, after, piece, work);
          }
          ASSERT_TRUE(same_bits(out, whole))
              << "cut at " << cut << (in_place ? ", in place" : ", out of place");
        }
      }
    });
  }
}

TYPED_TEST(row_filter_of, larger_contexts_than_wanted_change_nothing) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  const filter_spec spec{oracle::random_taps(21, 15), 10};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    const boundary edge{boundary_mode::mirror};
    const std::vector<S> row = oracle::random_row<S>(500, 16);
    const std::size_t more = 37;
    const auto before =
        context<A>(edge, row, -static_cast<std::ptrdiff_t>(filter.before() + more), filter.before() + more);
    const auto after = context<A>(edge, row, 500, filter.after() + more);
    std::vector<S> out(row.size());
    auto work = filter.make_scratch();
    filter(before, std::span<const S>(row), after, std::span<S>(out), work);
    EXPECT_TRUE(same_bits(out, filtered(filter, edge, row)));
    EXPECT_THROW(filter(std::span<const A>(before).first(filter.before() - 1), std::span<const S>(row),
                        std::span<const A>(after), std::span<S>(out), work),
                 error);
  });
}

template <class A>
class row_filter_in : public testing::Test {};
using every_arithmetic = testing::Types<double, float>;
TYPED_TEST_SUITE(row_filter_in, every_arithmetic);

TYPED_TEST(row_filter_in, long_sums_keep_the_promised_error) {
  using A = TypeParam;
  // Taps of one sign on samples near one: the partial sums grow, which is where short arithmetic loses most.
  filter_spec spec{std::vector<double>(4001, 1.0 / 4001), 2000};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    std::vector<A> row = oracle::random_row<A>(1500, 17);
    for (A& x : row) x = A{0.9F} + A{0.1F} * x;
    const boundary edge{boundary_mode::wrap};
    const auto expected = oracle::filtered(spec, edge, oracle::exact(row));
    expect_close<A, A>(filtered(filter, edge, row), expected, spec, row);
  });
}

TYPED_TEST(row_filter_in, a_non_finite_sample_changes_what_the_taps_reach_and_no_more) {
  using A = TypeParam;
  for (const A bad : {std::numeric_limits<A>::quiet_NaN(), std::numeric_limits<A>::infinity(),
                      -std::numeric_limits<A>::infinity()}) {
    for (const filter_spec& spec :
         {filter_spec{oracle::random_taps(41, 18), 20}, filter_spec{oracle::random_taps(30, 19), 4}}) {
      on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
        const std::size_t length = std::max<std::size_t>(400, 2 * filter.grid() + 100);
        const std::vector<A> row = oracle::random_row<A>(length, 20);
        const boundary edge{boundary_mode::constant, 0};
        const std::vector<A> clean = filtered(filter, edge, row);
        for (std::size_t at = 0; at < length; at += 53) {
          std::vector<A> spoilt = row;
          spoilt[at] = bad;
          row_counts counts;
          const std::vector<A> out = filtered(filter, edge, spoilt, &counts);
          ASSERT_EQ(counts.nonfinite, 1U);
          for (std::size_t i = 0; i < length; ++i) {
            // y[i] reads x[i + advance - k] for k < taps.
            const bool reached = at <= i + spec.advance && i + spec.advance < at + spec.taps.size();
            ASSERT_EQ(reached, !std::isfinite(out[i])) << "sample " << i << ", bad one " << at;
            if (!reached) {
              ASSERT_NEAR(out[i], clean[i], tolerance<A>) << i;
            } else if (std::isinf(bad)) {
              const double tap = spec.taps[i + spec.advance - at];
              ASSERT_EQ(out[i], tap > 0 ? bad : -bad) << i;
            }
          }
        }
      });
    }
  }
}

TYPED_TEST(row_filter_in, a_non_finite_boundary_value_stays_within_reach_of_the_ends) {
  using A = TypeParam;
  const filter_spec spec{oracle::random_taps(41, 21), 20};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    const std::vector<A> row = oracle::random_row<A>(900, 22);
    row_counts counts;
    const auto out = filtered(filter, {boundary_mode::constant, std::nan("")}, row, &counts);
    EXPECT_EQ(counts.nonfinite, 0U);
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_EQ(std::isnan(out[i]), i < 20 || i + 20 >= row.size()) << i;
    }
  });
}

TYPED_TEST(row_filter_in, samples_near_the_largest_number_do_not_overflow_on_the_way) {
  using A = TypeParam;
  const filter_spec spec{std::vector<double>(101, 1.0 / 101), 50};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    std::vector<A> row = oracle::random_row<A>(1000, 23);
    for (A& x : row) x *= std::numeric_limits<A>::max() * A{0.99F};
    const boundary edge{boundary_mode::reflect};
    row_counts counts;
    const auto out = filtered(filter, edge, row, &counts);
    EXPECT_EQ(counts.nonfinite, 0U);
    expect_close<A, A>(out, oracle::filtered(spec, edge, oracle::exact(row)), spec, row);
  });
}

TYPED_TEST(row_filter_in, quiet_samples_beside_a_huge_one_err_by_no_more_than_its_share) {
  using A = TypeParam;
  const filter_spec spec{oracle::random_symmetric_taps(101, 24), 50};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    std::vector<A> row = oracle::random_row<A>(4 * filter.grid() + 1000, 25);
    const std::size_t artefact = row.size() / 2;
    row[artefact] = A{1e9F};
    const boundary edge{boundary_mode::reflect};
    const auto expected = oracle::filtered(spec, edge, oracle::exact(row));
    const auto out = filtered(filter, edge, row);
    const std::size_t nearby = filter.grid() + filter.before() + filter.after();
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool near = i < artefact + nearby && artefact < i + nearby;
      ASSERT_LE(std::abs(out[i] - expected[i]), tolerance<A> * (near ? 1e9 : 1)) << i;
    }
  });
}

TYPED_TEST(row_filter_in, integers_round_to_even_saturate_and_are_counted) {
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

TYPED_TEST(row_filter_in, a_nan_that_integers_cannot_hold_is_a_clipped_zero) {
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

TYPED_TEST(row_filter_in, an_empty_row_is_left_alone) {
  const row_filter<TypeParam> filter({{0.25, 0.5, 0.25}, 1});
  auto work = filter.make_scratch();
  EXPECT_EQ(filter_row<TypeParam>(filter, {}, std::span<float>(), work), row_counts{});
}

TEST(row_filter, taps_that_float_cannot_hold_are_a_usage_error) {
  EXPECT_THROW(row_filter<float>({{1e39}, 0}), error);
  EXPECT_NO_THROW(row_filter<double>({{1e39}, 0}));
}

TEST(row_filter, scratch_grows_with_the_taps_alone) {
  for (const method how : {method::direct, method::fft}) {
    for (const std::size_t taps : {1, 101, 1001, 10001}) {
      const row_filter<double> filter({oracle::random_taps(taps, 28), 0}, how);
      EXPECT_LE(filter.make_scratch().bytes(), 200 * sizeof(double) * (taps + 1024)) << taps;
    }
  }
}

}  // namespace
}  // namespace weir::fir
