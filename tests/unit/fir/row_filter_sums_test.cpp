#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

template <class T>
class row_filter_sums : public testing::Test {};
TYPED_TEST_SUITE(row_filter_sums, every_type);

template <class A>
class row_filter_long_sums : public testing::Test {};
TYPED_TEST_SUITE(row_filter_long_sums, every_arithmetic);

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

TYPED_TEST(row_filter_sums, agrees_with_the_exact_sum_at_lengths_around_every_boundary) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  for (const filter_spec& spec : filters_of_every_kind()) {
    on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
      std::vector<std::size_t> lengths{1, 2, 3, 17, 79, 80, 81, 160, 161, 1023, 1025};
      const std::size_t pair = filter.grid();
      // Where a pair's first segment ends, and where the outputs of overlapping ones do.
      const std::size_t first = filter.fft_size() > 0 ? filter.fft_size() - filter.before() : pair;
      for (const std::size_t end : {pair / 2, first, pair, pair + first, 2 * pair, pair + filter.after(),
                                    pair + pair / 2 + filter.after()}) {
        for (const std::size_t length : {end - 1, end, end + 1}) {
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

/// Few taps are summed by code of their own for each number of them.
TYPED_TEST(row_filter_sums, every_number_of_few_taps) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  const boundary edge{boundary_mode::mirror};
  for (std::size_t taps = 1; taps <= 26; ++taps) {
    for (const std::size_t advance : {std::size_t{0}, taps / 2, taps - 1}) {
      const filter_spec spec{oracle::random_taps(taps, static_cast<std::uint32_t>(taps)), advance};
      for (const instruction_set set : available_instruction_sets()) {
        SCOPED_TRACE(testing::Message() << taps << " taps, advance " << advance << ", " << name_of(set));
        const row_filter<A> filter(spec, method::direct, set);
        for (const std::size_t length : {60, 113, 401}) {
          const std::vector<S> row = oracle::random_row<S>(length, static_cast<std::uint32_t>(length));
          const auto expected = oracle::filtered(spec, edge, oracle::exact(row));
          ASSERT_NO_FATAL_FAILURE((expect_close<A, S>(filtered(filter, edge, row), expected, spec, row)));
        }
      }
    }
  }
}

TYPED_TEST(row_filter_sums, every_boundary_mode) {
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

TYPED_TEST(row_filter_long_sums, long_sums_keep_the_promised_error) {
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

TEST(row_filter, transforms_from_27_taps_on) {
  EXPECT_EQ(row_filter<float>({oracle::random_taps(26, 1), 13}).engine(), "direct");
  EXPECT_EQ(row_filter<float>({oracle::random_taps(27, 1), 13}).engine(), "fft");
  EXPECT_EQ(row_filter<double>({oracle::random_taps(26, 1), 13}).engine(), "direct");
  EXPECT_EQ(row_filter<double>({oracle::random_taps(27, 1), 13}).engine(), "fft");
}

}  // namespace
}  // namespace weir::fir
