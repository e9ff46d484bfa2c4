#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "fft/middle_pass.hpp"
#include "fft/transform_plan.hpp"
#include "naive_dft.hpp"

namespace weir::fir {
namespace {

/// The middle pass of the shortest transform, whose slots one pass of radix four has cut into four groups.
template <class K>
class fft_middle_pass : public testing::Test {
 protected:
  using T = typename K::number;
  using Isa = typename K::isa;
  static constexpr std::size_t side = simd::lanes_of_order<T>;
  static constexpr std::size_t groups = simd::groups_at_once;
  static constexpr std::size_t length = groups * group_slots * side;

  /// Column by column the definition, over the slots of a group.
  static std::vector<exact> over_slots(const std::vector<exact>& x, direction d) {
    std::vector<exact> y(x.size());
    for (std::size_t lane = 0; lane < side; ++lane) {
      std::vector<exact> column(group_slots);
      for (std::size_t m = 0; m < group_slots; ++m) column[m] = x[m * side + lane];
      column = naive_dft(column, d);
      for (std::size_t m = 0; m < group_slots; ++m) y[m * side + lane] = column[m];
    }
    return y;
  }

  /// What the pass makes of group g: slot m, lane l is number m * side + l. Joined segments have frequencies
  /// a quarter lower.
  static std::vector<exact> expected(const std::vector<exact>& x, std::size_t g, pairing pair,
                                     const filter_spec& spec) {
    constexpr long double n = length;
    std::vector<exact> y = over_slots(x, direction::forward);
    for (std::size_t m = 0; m < group_slots; ++m) {
      const long double q =
          static_cast<long double>(g + groups * m) - (pair == pairing::joined ? 0.25L : 0.0L);
      std::vector<exact> lanes(side);
      for (std::size_t l = 0; l < side; ++l) {
        lanes[l] = y[m * side + l] * root(static_cast<long double>(l) * q, n, direction::forward);
      }
      lanes = naive_dft(lanes, direction::forward);
      for (std::size_t p = 0; p < side; ++p) {
        lanes[p] *= response(q + static_cast<long double>(groups * group_slots * p), spec) / n;
      }
      lanes = naive_dft(lanes, direction::inverse);
      for (std::size_t l = 0; l < side; ++l) {
        y[m * side + l] = lanes[l] * root(static_cast<long double>(l) * q, n, direction::inverse);
      }
    }
    return over_slots(y, direction::inverse);
  }

  static void expect_the_definition(const filter_spec& spec) {
    for (const pairing pair : {pairing::overlapping, pairing::joined}) {
      SCOPED_TRACE(pair == pairing::joined ? "joined segments" : "overlapping segments");
      expect_the_definition(pair, spec);
    }
  }

 private:
  static void expect_the_definition(pairing pair, const filter_spec& spec) {
    const transform_plan<T> plan(length, pair, spec);
    ASSERT_EQ(plan.view().slots, groups * group_slots);
    std::vector<T> work(plan.work_size());
    std::vector<std::vector<exact>> x;
    for (std::size_t g = 0; g < groups; ++g) {
      x.push_back(random_complex(group_slots * side, static_cast<std::uint32_t>(g)));
      for (std::size_t i = 0; i < x[g].size(); ++i) {
        work[at(g, i)] = static_cast<T>(x[g][i].real());
        work[at(g, i) + side] = static_cast<T>(x[g][i].imag());
      }
    }
    prefetcher nothing_ahead({}, 1, cache_level::first);
    if (plan.view().real_response) {
      simd::middle_pass<true, Isa, T>{plan.view(), work.data(), nullptr}.filter(0, nothing_ahead);
    } else {
      simd::middle_pass<false, Isa, T>{plan.view(), work.data(), nullptr}.filter(0, nothing_ahead);
    }
    for (std::size_t g = 0; g < groups; ++g) {
      const std::vector<exact> y = expected(x[g], g, pair, spec);
      for (std::size_t i = 0; i < y.size(); ++i) {
        const exact got(work[at(g, i)], work[at(g, i) + side]);
        ASSERT_LT(std::abs(got - y[i]), 10 * std::numeric_limits<T>::epsilon()) << g << " " << i;
      }
    }
  }

  static std::size_t at(std::size_t g, std::size_t i) {
    return simd::slot_offset<T>(g * group_slots + i / side) + i % side;
  }

  static exact response(long double frequency, const filter_spec& spec) {
    exact sum = 0;
    for (std::size_t k = 0; k < spec.taps.size(); ++k) {
      const long double distance = static_cast<long double>(k) - static_cast<long double>(spec.advance);
      sum += static_cast<long double>(spec.taps[k]) *
             root(frequency * distance, static_cast<long double>(length), direction::forward);
    }
    return sum;
  }
};

TYPED_TEST_SUITE(fft_middle_pass, every_kind);

TYPED_TEST(fft_middle_pass, transforms_responds_and_returns) {
  TestFixture::expect_the_definition({oracle::random_taps(30, 1), 4});
}

TYPED_TEST(fft_middle_pass, takes_a_real_response_in_the_last_butterfly) {
  TestFixture::expect_the_definition({oracle::random_symmetric_taps(31, 2), 15});
}

}  // namespace
}  // namespace weir::fir
