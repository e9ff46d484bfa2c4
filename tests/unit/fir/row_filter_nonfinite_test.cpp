#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

/// Samples of every floating-point type in every arithmetic.
template <class K>
class row_filter_nonfinite_sample : public testing::Test {
 protected:
  /// One bad sample at every place, or at `places` that meet every part of a pair.
  template <class A, class S>
  static void expect_what_the_taps_reach(const row_filter<A>& filter, const filter_spec& spec,
                                         std::size_t length, S bad, std::size_t places = 1000) {
    const std::vector<S> row = oracle::random_row<S>(length, 20);
    const boundary edge{boundary_mode::constant, 0};
    const std::vector<S> clean = filtered(filter, edge, row);
    const std::size_t step = filter.grid() == 1 ? 1 : std::max<std::size_t>(length / places, 53);
    for (std::size_t at = 0; at < length; at += step) {
      std::vector<S> spoilt = row;
      spoilt[at] = bad;
      row_counts counts;
      const std::vector<S> out = filtered(filter, edge, spoilt, &counts);
      ASSERT_EQ(counts.nonfinite, 1U);
      for (std::size_t i = 0; i < length; ++i) {
        // y[i] reads x[i + advance - k] for k < taps.
        const bool reached = at <= i + spec.advance && i + spec.advance < at + spec.taps.size();
        ASSERT_EQ(reached, !std::isfinite(out[i])) << "sample " << i << ", bad one " << at;
        if (!reached) {
          ASSERT_NEAR(out[i], clean[i], std::max(tolerance<A>, tolerance<S>)) << i;
        } else if (std::isinf(bad)) {
          const double tap = spec.taps[i + spec.advance - at];
          ASSERT_EQ(out[i], tap > 0 ? bad : -bad) << i;
        }
      }
    }
  }
};
using every_floating_point =
    testing::Types<types<double, double>, types<float, float>, types<double, float>, types<float, double>>;
TYPED_TEST_SUITE(row_filter_nonfinite_sample, every_floating_point);

TYPED_TEST(row_filter_nonfinite_sample, changes_what_the_taps_reach_and_no_more) {
  using S = typename TypeParam::storage;
  constexpr S infinity = std::numeric_limits<S>::infinity();
  for (const filter_spec& spec :
       {filter_spec{oracle::random_taps(41, 18), 20}, filter_spec{oracle::random_taps(30, 19), 4},
        filter_spec{oracle::random_taps(3, 24), 2}, filter_spec{oracle::random_taps(15, 25), 7},
        filter_spec{oracle::random_taps(24, 26), 5}}) {
    on_every_engine<typename TypeParam::arithmetic>(spec, [&](const auto& filter) {
      // A row that ends in the first segment of a pair, and one that ends in the second.
      const std::size_t segment = filter.grid() / 2;
      for (const std::size_t length : {2 * segment + 100, 5 * segment + 100}) {
        for (const S bad : {std::numeric_limits<S>::quiet_NaN(), infinity, -infinity}) {
          this->expect_what_the_taps_reach(filter, spec, std::max<std::size_t>(length, 400), bad);
          if (testing::Test::HasFailure()) return;
        }
        if (segment == 0) break;
      }
    });
  }
}

// The next pair is found bad in the pass that ends the one before.
TYPED_TEST(row_filter_nonfinite_sample, spoils_no_other_pair_of_long_transforms) {
  using S = typename TypeParam::storage;
  for (const std::size_t taps : {501, 1025}) {
    const filter_spec spec{oracle::random_taps(taps, 27), taps / 2};
    for (const instruction_set set : available_instruction_sets()) {
      SCOPED_TRACE(std::string(name_of(set)) + ", " + std::to_string(taps) + " taps");
      const row_filter<typename TypeParam::arithmetic> filter(spec, method::fft, set);
      this->expect_what_the_taps_reach(filter, spec, 7 * filter.grid() / 2 + 100,
                                       std::numeric_limits<S>::quiet_NaN(), 30);
    }
  }
}

template <class A>
class row_filter_nonfinite : public testing::Test {};
TYPED_TEST_SUITE(row_filter_nonfinite, every_arithmetic);

TYPED_TEST(row_filter_nonfinite, a_non_finite_boundary_value_stays_within_reach_of_the_ends) {
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

TYPED_TEST(row_filter_nonfinite, samples_near_the_largest_number_do_not_overflow_on_the_way) {
  using A = TypeParam;
  for (const std::size_t taps : {101, 401}) {
    const filter_spec spec{std::vector<double>(taps, 1.0 / static_cast<double>(taps)), taps / 2};
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
}

TYPED_TEST(row_filter_nonfinite, quiet_samples_beside_a_huge_one_err_by_no_more_than_its_share) {
  using A = TypeParam;
  for (const std::size_t taps : {101, 401}) {
    const filter_spec spec{oracle::random_symmetric_taps(taps, 24), taps / 2};
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
}

}  // namespace
}  // namespace weir::fir
