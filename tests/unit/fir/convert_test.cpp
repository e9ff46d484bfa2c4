#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <weir/fir/convert.hpp>

namespace {

using namespace weir;

/// Values about every place where rounding or clipping of an S changes, as far as A can hold them.
template <class S, class A>
std::vector<A> values() {
  constexpr double lowest = std::numeric_limits<S>::lowest();
  constexpr double highest = std::numeric_limits<S>::max();
  std::vector<A> all;
  for (const double near : {lowest, 0.0, 1.0, 2.0, highest, lowest - 70'000, highest + 70'000}) {
    for (const double by : {-1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5}) {
      all.push_back(static_cast<A>(near + by));
    }
  }
  all.push_back(std::numeric_limits<A>::infinity());
  all.push_back(-std::numeric_limits<A>::infinity());
  return all;
}

template <class S, class A>
void expect_rounded_and_clipped() {
  std::vector<A> from = values<S, A>();
  std::uint64_t clipped = 0;
  std::vector<S> expected;
  for (const A value : from) {
    const long double rounded = std::nearbyint(static_cast<long double>(value));
    const long double inside =
        std::clamp<long double>(rounded, std::numeric_limits<S>::lowest(), std::numeric_limits<S>::max());
    clipped += inside != rounded;
    expected.push_back(static_cast<S>(inside));
  }
  from.push_back(std::numeric_limits<A>::quiet_NaN());
  expected.push_back(0);
  std::vector<S> to(from.size());
  EXPECT_EQ((fir::to_samples<S, A>(from, to)), clipped + 1);
  EXPECT_EQ(to, expected);
}

TEST(conversion, rounds_to_even_and_clips_integers) {
  expect_rounded_and_clipped<std::int16_t, float>();
  expect_rounded_and_clipped<std::int16_t, double>();
  expect_rounded_and_clipped<std::uint16_t, float>();
  expect_rounded_and_clipped<std::uint16_t, double>();
  expect_rounded_and_clipped<std::int32_t, float>();
  expect_rounded_and_clipped<std::int32_t, double>();
}

TEST(conversion, counts_samples_that_are_not_finite) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> samples(37, 0.1F);
  samples[3] = infinity;
  samples[20] = std::numeric_limits<float>::quiet_NaN();
  samples[36] = -infinity;
  std::vector<double> to(samples.size());
  EXPECT_EQ((fir::to_arithmetic<float, double>(samples, to)), 3U);
  EXPECT_EQ(to[0], static_cast<double>(0.1F));
  EXPECT_EQ(to[36], -std::numeric_limits<double>::infinity());
}

}  // namespace
