#include <algorithm>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/fir/design/equiripple.hpp>

namespace weir::fir {
namespace {

/// The response of taps that are their own mirror image, without its linear phase, as a plain sum.
long double response(const std::vector<double>& taps, long double cycles) {
  const long double centre = static_cast<long double>(taps.size() - 1) / 2;
  long double sum = 0;
  for (std::size_t n = 0; n < taps.size(); ++n) {
    sum += taps[n] *
           std::cos(2 * std::numbers::pi_v<long double> * cycles * (static_cast<long double>(n) - centre));
  }
  return sum;
}

/// The weighted errors of a design on a grid much denser than its own, band after band.
std::vector<long double> errors_of(const std::vector<double>& taps, const std::vector<weighted_band>& bands,
                                   double rate) {
  const std::size_t points = 200 * taps.size();
  std::vector<long double> errors;
  for (const weighted_band& band : bands) {
    for (std::size_t i = 0; i <= points; ++i) {
      const long double share = static_cast<long double>(i) / static_cast<long double>(points);
      const long double hz = band.low_hz + (band.high_hz - band.low_hz) * share;
      errors.push_back(band.weight * (band.gain - response(taps, hz / rate)));
    }
  }
  return errors;
}

struct design {
  std::size_t taps;
  std::vector<weighted_band> bands;
};

const design designs[] = {{33, {{0, 40, 1, 1}, {60, 500, 0, 1}}},
                          {64, {{0, 100, 1, 1}, {150, 500, 0, 10}}},
                          {31, {{0, 100, 0, 5}, {150, 300, 1, 1}, {360, 500, 0, 2}}},
                          {75, {{0, 100, 0, 1}, {130, 500, 2, 3}}},
                          {10, {{0, 200, 0.5, 1}, {300, 480, 0, 1}}}};

/// The alternation theorem: no polynomial of the degree has a smaller largest error if that is reached with
/// alternating sign at one more point than there are coefficients. The grid of the design is a little coarser
/// than the axis: between its points the error is larger by less than a fiftieth.
TEST(equiripple, errors_alternate_as_often_as_only_the_best_ones_do) {
  for (const design& wanted : designs) {
    const equiripple_filter found = equiripple(wanted.taps, wanted.bands, 1000);
    ASSERT_EQ(found.taps.size(), wanted.taps);
    const long double deviation = found.deviation;
    std::size_t alternations = 0;
    int last = 0;
    for (const long double e : errors_of(found.taps, wanted.bands, 1000)) {
      ASSERT_LE(std::abs(e), 1.02L * deviation) << wanted.taps << " taps";
      const int sign = e > 0.999L * deviation ? 1 : e < -0.999L * deviation ? -1 : 0;
      alternations += sign != 0 && sign != last;
      if (sign != 0) last = sign;
    }
    EXPECT_GE(alternations, (wanted.taps + 1) / 2 + 1) << wanted.taps << " taps";
  }
}

TEST(equiripple, a_denser_grid_brings_the_largest_error_down_to_the_deviation) {
  const design& wanted = designs[2];
  const equiripple_filter found = equiripple(wanted.taps, wanted.bands, 1000, {.grid_density = 512});
  for (const long double e : errors_of(found.taps, wanted.bands, 1000)) {
    ASSERT_LE(std::abs(e), 1.00001L * static_cast<long double>(found.deviation));
  }
}

TEST(equiripple, taps_are_their_own_mirror_image) {
  for (const design& wanted : designs) {
    const std::vector<double> taps = equiripple(wanted.taps, wanted.bands, 1000).taps;
    EXPECT_TRUE(std::equal(taps.begin(), taps.end(), taps.rbegin()));
  }
}

TEST(equiripple, a_gain_that_can_be_had_exactly_is) {
  const equiripple_filter found = equiripple(21, {{0, 500, 1, 1}}, 1000);
  EXPECT_LE(found.deviation, 1e-15);
  for (std::size_t i = 0; i < 21; ++i) EXPECT_NEAR(found.taps[i], i == 10 ? 1 : 0, 1e-15);
}

TEST(equiripple, refuses_what_it_cannot_do) {
  const weighted_band pass{0, 100, 1, 1};
  const weighted_band stop{150, 500, 0, 1};
  EXPECT_NO_THROW(equiripple(30, {pass, stop}, 1000));
  EXPECT_THROW(equiripple(2, {pass, stop}, 1000), error);
  EXPECT_THROW(equiripple(most_taps_of_equiripple + 1, {pass, stop}, 1000), error);
  EXPECT_THROW(equiripple(31, {}, 1000), error);
  EXPECT_THROW(equiripple(31, {stop, pass}, 1000), error);
  EXPECT_THROW(equiripple(31, {pass, {100, 500, 0, 1}}, 1000), error);
  EXPECT_THROW(equiripple(31, {pass, {150, 501, 0, 1}}, 1000), error);
  EXPECT_THROW(equiripple(31, {{-1, 100, 1, 1}, stop}, 1000), error);
  EXPECT_THROW(equiripple(31, {{50, 50, 1, 1}, stop}, 1000), error);
  EXPECT_THROW(equiripple(31, {pass, {150, 500, 0, 0}}, 1000), error);
  EXPECT_THROW(equiripple(31, {pass, {150, 500, NAN, 1}}, 1000), error);
  EXPECT_THROW(equiripple(30, {pass, {150, 500, 0.5, 1}}, 1000), error);
  EXPECT_THROW(equiripple(31, {pass, stop}, 1000, {.most_iterations = 1}), error);
  EXPECT_THROW(equiripple(31, {pass, stop}, 1000, {.grid_density = 0}), error);
  EXPECT_THROW(equiripple(301, {{0, 1, 1, 1}, {499, 500, 0, 1}}, 1000), error);
}

}  // namespace
}  // namespace weir::fir
