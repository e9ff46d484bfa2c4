#include <cstring>
#include <span>
#include <vector>

#include <weir/error.hpp>
#include <weir/fir/resampler.hpp>

#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

template <class T>
class resampling : public testing::Test {};
TYPED_TEST_SUITE(resampling, every_type);

/// The row with zeros between its samples, filtered, of which every down-th output is kept.
std::vector<long double> expected(const filter_spec& spec, rate_ratio rate, const boundary& edge,
                                  const std::vector<long double>& row) {
  std::vector<long double> kept;
  const auto up = static_cast<std::ptrdiff_t>(rate.up);
  for (std::size_t m = 0; m * rate.down < row.size() * rate.up; ++m) {
    long double sum = 0;
    for (std::size_t k = 0; k < spec.taps.size(); ++k) {
      const auto place =
          static_cast<std::ptrdiff_t>(m * rate.down + spec.advance) - static_cast<std::ptrdiff_t>(k);
      if (place % up == 0) sum += spec.taps[k] * oracle::extended(edge, row, place / up);
    }
    kept.push_back(sum);
  }
  return kept;
}

template <class A, class S>
std::vector<S> resampled(const resampler<A>& filter, const boundary& edge, const std::vector<S>& row,
                         row_counts* counts = nullptr) {
  std::vector<S> out(filter.rate().outputs_before(row.size()));
  auto work = filter.make_scratch();
  const row_counts seen = resample_row<A, S>(filter, edge, row, out, work);
  if (counts != nullptr) *counts = seen;
  return out;
}

template <class S>
bool same_bits(const std::vector<S>& a, const std::vector<S>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

/// Calls `test` with every engine that takes the ratio, on every instruction set of this machine.
template <class A>
void on_every_resampler(const filter_spec& spec, rate_ratio rate, const auto& test) {
  for (const instruction_set set : available_instruction_sets()) {
    for (const method how : {method::direct, method::fft}) {
      if (how == method::fft && rate.up > 1) continue;
      const resampler<A> filter(spec, rate, how, set);
      SCOPED_TRACE(std::string(filter.engine()) + " on " + std::string(name_of(set)) + ", " +
                   std::to_string(spec.taps.size()) + " taps, advance " + std::to_string(spec.advance) +
                   ", " + std::to_string(rate.up) + "/" + std::to_string(rate.down));
      test(filter);
      if (testing::Test::HasFailure()) return;
    }
  }
}

TYPED_TEST(resampling, is_the_sum_over_the_taps) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  struct {
    rate_ratio rate;
    std::size_t taps;
    std::size_t advance;
    std::size_t samples;
  } const cases[] = {{{1, 2}, 41, 20, 700},         {{1, 10}, 201, 100, 4003}, {{1, 3}, 1, 0, 50},
                     {{1, 7}, 500, 3, 999},         {{3, 2}, 61, 30, 333},     {{2, 5}, 101, 50, 1001},
                     {{160, 147}, 3201, 1600, 300}, {{7, 1}, 29, 14, 100},     {{5, 3}, 4, 0, 77},
                     {{1, 1000}, 133, 66, 2500},    {{1, 4}, 9, 8, 3},         {{1, 700}, 50, 0, 300},
                     {{1, 2}, 701, 20, 9001},       {{1, 6}, 401, 400, 9000},  {{997, 3}, 1501, 750, 4}};
  for (const auto& c : cases) {
    const filter_spec spec{oracle::random_taps(c.taps, 7), c.advance};
    const std::vector<S> row = oracle::random_row<S>(c.samples, 8);
    const boundary edges[] = {
        {boundary_mode::reflect}, {boundary_mode::constant, 0.5}, {boundary_mode::wrap}};
    std::vector<std::vector<long double>> exact;
    for (const boundary& edge : edges) exact.push_back(expected(spec, c.rate, edge, oracle::exact(row)));
    on_every_resampler<A>(spec, c.rate, [&](const resampler<A>& filter) {
      for (std::size_t e = 0; e < exact.size(); ++e) {
        const std::vector<S> out = resampled(filter, edges[e], row);
        ASSERT_EQ(out.size(), exact[e].size());
        expect_close<A>(out, exact[e], spec, row);
      }
    });
  }
}

TYPED_TEST(resampling, cuts_on_the_grid_do_not_change_a_bit) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  const std::pair<rate_ratio, std::size_t> cases[] = {
      {{1, 3}, 203}, {{1, 10}, 203}, {{3, 7}, 203}, {{5, 2}, 203}, {{1, 2}, 701}};
  for (const auto& [rate, taps] : cases) {
    const filter_spec spec{oracle::random_taps(taps, 12), 60};
    on_every_resampler<A>(spec, rate, [&](const resampler<A>& filter) {
      const std::size_t grid = filter.grid();
      const std::size_t length = filter.fft_size() > 0 ? 2 * grid + grid / 2 + 5 : 71 * grid + grid / 2;
      const boundary edge{boundary_mode::mirror};
      const std::vector<S> row = oracle::random_row<S>(length, 14);
      const std::vector<S> whole = resampled(filter, edge, row);
      auto work = filter.make_scratch();
      for (const std::size_t cell : {grid, 9 * grid, 70 * grid}) {
        std::vector<S> out(whole.size());
        for (std::size_t begin = 0; begin < length; begin += cell) {
          const index_range piece{begin, std::min(begin + cell, length)};
          std::vector<A> before(filter.before());
          std::vector<A> after(filter.after());
          const known_samples<S> known{row.data(), 0, row.size()};
          extend<S, A>(edge, length, known,
                       static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(before.size()),
                       before);
          extend<S, A>(edge, length, known, static_cast<std::ptrdiff_t>(piece.end), after);
          const index_range outputs = rate.outputs_in(piece);
          filter(begin, std::span<const A>(before), std::span<const S>(row).subspan(begin, piece.size()),
                 std::span<const A>(after), std::span<S>(out).subspan(outputs.begin, outputs.size()), work);
        }
        ASSERT_TRUE(same_bits(out, whole)) << "cut into pieces of " << cell;
      }
    });
  }
}

TYPED_TEST(resampling, instruction_sets_give_the_same_bits) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  std::vector<instruction_set> sets = available_instruction_sets();
  std::erase(sets, instruction_set::baseline);  // it has no fused multiply-add
  for (const rate_ratio rate : {rate_ratio{1, 10}, rate_ratio{4, 3}}) {
    const filter_spec spec{oracle::random_taps(811, 5), 400};
    const std::vector<S> row = oracle::random_row<S>(7001, 6);
    std::vector<S> first;
    for (const instruction_set set : sets) {
      const std::vector<S> out = resampled(resampler<A>(spec, rate, method::direct, set), {}, row);
      if (!first.empty()) {
        EXPECT_TRUE(same_bits(out, first)) << name_of(set);
      }
      first = out;
    }
  }
}

TEST(resampler, a_sample_that_is_not_finite_changes_what_its_taps_reach) {
  const std::size_t place = 500;
  std::vector<double> row = oracle::random_row<double>(1500, 3);
  for (const rate_ratio rate : {rate_ratio{1, 5}, rate_ratio{3, 5}}) {
    const filter_spec spec{oracle::random_taps(151, 4), 75};
    on_every_resampler<double>(spec, rate, [&](const resampler<double>& filter) {
      row[place] = 0;
      const std::vector<double> clean = resampled(filter, {}, row);
      row[place] = std::numeric_limits<double>::quiet_NaN();
      row_counts counts;
      const std::vector<double> out = resampled(filter, {}, row, &counts);
      EXPECT_EQ(counts.nonfinite, 1U);
      const auto up = static_cast<std::ptrdiff_t>(rate.up);
      for (std::size_t m = 0; m < out.size(); ++m) {
        // The tap that meets the sample, if there is one.
        const std::ptrdiff_t tap = static_cast<std::ptrdiff_t>(m * rate.down + spec.advance) -
                                   up * static_cast<std::ptrdiff_t>(place);
        if (tap >= 0 && tap < 151) {
          ASSERT_TRUE(std::isnan(out[m])) << m;
        } else if (filter.fft_size() == 0) {
          ASSERT_EQ(out[m], clean[m]) << m;
        } else {
          ASSERT_NEAR(out[m], clean[m], 1e-14) << m;
        }
      }
    });
  }
}

TEST(resampler, counts_the_outputs_that_are_clipped_and_kept) {
  // The sum of the taps is 4: all outputs are too large, and only those that are kept count.
  const filter_spec spec{{1, 2, 1}, 1};
  const std::vector<std::int16_t> row(1000, 20'000);
  on_every_resampler<double>(spec, {1, 10}, [&](const resampler<double>& filter) {
    row_counts counts;
    const std::vector<std::int16_t> out = resampled(filter, {}, row, &counts);
    EXPECT_EQ(counts.clipped, 100U);
    EXPECT_EQ(out, std::vector<std::int16_t>(100, 32'767));
  });
}

TEST(resampler, keeps_one_sample_in_more_than_a_row_has) {
  const filter_spec spec{oracle::random_taps(63, 1), 31};
  const std::vector<double> row = oracle::random_row<double>(1234, 2);
  for (const std::size_t down : {1000, 5000}) {
    const auto exact = expected(spec, {1, down}, {}, oracle::exact(row));
    on_every_resampler<double>(spec, {1, down}, [&](const resampler<double>& filter) {
      expect_close<double>(resampled(filter, {}, row), exact, spec, row);
    });
  }
}

TEST(resampler, refuses_what_it_cannot_do) {
  EXPECT_THROW(resampler<double>({{1, 2, 1}, 1}, {1, 10'001}, method::fft), error);
  EXPECT_THROW(resampler<double>({{1, 2, 1}, 1}, {3, 2}, method::fft), error);
  EXPECT_THROW(resampler<double>({{}, 0}, {1, 2}), error);
  EXPECT_THROW(resampler<float>({{1e39}, 0}, {1, 2}), error);
  const resampler<double> filter({oracle::random_taps(31, 1), 15}, {1, 4});
  auto work = filter.make_scratch();
  const std::vector<double> row(40), context(31);
  std::vector<double> out(10);
  const auto call = [&](std::size_t first, std::size_t before, std::size_t outputs) {
    filter(first, std::span(context).first(before), std::span(row), std::span(context),
           std::span(out).first(outputs), work);
  };
  EXPECT_NO_THROW(call(4, 15, 10));
  EXPECT_THROW(call(3, 15, 10), error);
  EXPECT_THROW(call(4, 14, 10), error);
  EXPECT_THROW(call(4, 15, 9), error);
}

TEST(resampler, takes_the_engine_by_the_taps_a_kept_sample) {
  EXPECT_EQ(resampler<double>({oracle::random_taps(201, 1), 100}, {1, 10}).engine(), "polyphase");
  EXPECT_EQ(resampler<float>({oracle::random_taps(2001, 1), 1000}, {1, 100}).engine(), "polyphase");
  EXPECT_EQ(resampler<double>({oracle::random_taps(2001, 1), 1000}, {1, 2}).engine(), "fft");
  EXPECT_EQ(resampler<double>({oracle::random_taps(2001, 1), 1000}, {3, 2}).engine(), "polyphase");
  EXPECT_EQ(resampler<double>({oracle::random_taps(400'041, 1), 1000}, {1, 10'001}).engine(), "polyphase");
}

TEST(resampler, scratch_grows_with_the_taps_alone) {
  for (const std::size_t down : {2, 10, 100, 1000}) {
    const resampler<double> filter({oracle::random_taps(20 * down + 1, 28), 10 * down}, {1, down});
    EXPECT_LE(filter.make_scratch().bytes(), 12 * sizeof(double) * (20 * down + 1024)) << down;
  }
}

}  // namespace
}  // namespace weir::fir
