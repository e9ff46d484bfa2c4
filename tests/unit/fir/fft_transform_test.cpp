#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "emulated_kernels.hpp"
#include "fft/transform_plan.hpp"
#include "oracle.hpp"
#include "segmentation.hpp"

namespace weir::fir {
namespace {

/// The whole transform, with the kernels for the narrowest registers and for the widest.
template <class T>
class fft_transform : public testing::Test {
 protected:
  static constexpr std::size_t slot = 64 / sizeof(T);
  static constexpr T epsilon = std::numeric_limits<T>::epsilon();

  static void with_every_width(const auto& test) {
    test(kernels_for<T>(instruction_set::baseline));
    if (testing::Test::HasFailure()) return;
    SCOPED_TRACE("the widest registers, emulated");
    test(emulated::wide_kernels<T>());
  }

  static bool first_pass(const kernel_set<T>& kernels, const transform_plan<T>& plan,
                         const segment_pair_source<T>& source, aligned_buffer<T>& work) {
    return kernels.template samples<T>().first_pass(plan.view(), source, work.data());
  }

  static void other_passes(const kernel_set<T>& kernels, const transform_plan<T>& plan,
                           const segment_pair_target<T>& target, aligned_buffer<T>& work) {
    kernels.inner_passes(plan.view(), {}, work.data());
    EXPECT_TRUE(kernels.template samples<T>().last_pass(plan.view(), work.data(), target));
  }

  /// The filtered number i of a circle: two segments one by one, or, joined, both at once, where what is met
  /// across the ends counts with the other sign.
  static long double expected_in_circle(std::span<const T> pair_of_segments, pairing pair,
                                        const filter_spec& spec, std::size_t i) {
    const bool is_joined = pair == pairing::joined;
    const std::size_t circle = is_joined ? pair_of_segments.size() : pair_of_segments.size() / 2;
    const std::span<const T> x = pair_of_segments.subspan(i / circle * circle, circle);
    long double sum = 0;
    for (std::size_t k = 0; k < spec.taps.size(); ++k) {
      const std::size_t from = i % circle + spec.advance + circle - k;  // a circle behind
      const bool is_within = from >= circle && from < 2 * circle;
      const long double product = static_cast<long double>(spec.taps[k]) * x[from % circle];
      sum += is_joined && !is_within ? -product : product;
    }
    return sum;
  }

  /// Both segments of a pair through the whole transform, against the circular sum.
  static void expect_circular_filter(const kernel_set<T>& kernels, std::size_t length, pairing pair,
                                     const filter_spec& spec) {
    const transform_plan<T> plan(length, pair, spec);
    const std::vector<T> row = oracle::random_row<T>(2 * length, 5);
    std::vector<T> out(2 * length);
    aligned_buffer<T> work(plan.work_size());
    ASSERT_TRUE(first_pass(kernels, plan, {nullptr, 0, row.data(), row.data() + length}, work));
    other_passes(kernels, plan, {out.data(), out.data() + length, 0, length / slot}, work);
    for (std::size_t i = 0; i<2 * length; i += length> 2048 ? 61 : 1) {
      const auto expected = static_cast<double>(expected_in_circle(row, pair, spec, i));
      ASSERT_NEAR(out[i], expected, 20 * epsilon) << length << " " << i;
    }
  }

  /// Spectra of two rows' segments, each times a response of its own, through one way back.
  static void expect_sum_of_circular_filters(const kernel_set<T>& kernels, std::size_t length, pairing pair) {
    const std::vector<filter_spec> specs{{oracle::random_taps(9, 7), 2},
                                         {oracle::random_symmetric_taps(101, 8), 50}};
    const transform_plan<T> plan(length, pair, specs);
    const std::vector<T> row = oracle::random_row<T>(4 * length, 5);
    aligned_buffer<T> work(plan.work_size()), sums(plan.work_size());
    std::vector<T> out(2 * length);
    for (std::size_t i = 0; i < specs.size(); ++i) {
      const T* const first = row.data() + 2 * i * length;
      ASSERT_TRUE(kernels.template samples<T>().first_pass(plan.view_of(i),
                                                           {nullptr, 0, first, first + length}, work.data()));
      kernels.add_spectrum(plan.view_of(i), {}, work.data(), sums.data());
    }
    kernels.return_spectrum(plan.view(), sums.data(), work.data());
    kernels.template samples<T>().last_pass(plan.view(), work.data(),
                                            {out.data(), out.data() + length, 0, length / slot});
    for (std::size_t i = 0; i<2 * length; i += length> 2048 ? 61 : 7) {
      long double expected = 0;
      for (std::size_t filter = 0; filter < specs.size(); ++filter) {
        const std::span<const T> segments(row.data() + 2 * filter * length, 2 * length);
        expected += expected_in_circle(segments, pair, specs[filter], i);
      }
      ASSERT_NEAR(out[i], static_cast<double>(expected), 40 * epsilon) << length << " " << i;
    }
  }

  static void with_every_width_and_pairing(const auto& test) {
    for (const pairing pair : {pairing::overlapping, pairing::joined}) {
      SCOPED_TRACE(pair == pairing::joined ? "joined segments" : "overlapping segments");
      with_every_width([&](const kernel_set<T>& kernels) { test(kernels, pair); });
    }
  }
};

/// An emulated processor takes a hundred times as long for the tests' long double, and has passes of both
/// radices over the slots up to that length too.
#ifdef WEIR_TESTS_EMULATED
constexpr std::size_t longest_transform = 4096;
#else
constexpr std::size_t longest_transform = 32768;
#endif

using every_arithmetic = testing::Types<double, float>;
TYPED_TEST_SUITE(fft_transform, every_arithmetic);

TYPED_TEST(fft_transform, filters_in_a_circle) {
  this->with_every_width_and_pairing([&](const kernel_set<TypeParam>& kernels, pairing pair) {
    for (std::size_t length = transform_plan<TypeParam>::shortest; length <= longest_transform; length *= 2) {
      this->expect_circular_filter(kernels, length, pair, {oracle::random_taps(9, 7), 2});
      this->expect_circular_filter(kernels, length, pair, {oracle::random_symmetric_taps(101, 8), 50});
    }
  });
}

TYPED_TEST(fft_transform, filters_in_a_circle_and_adds_up) {
  this->with_every_width_and_pairing([&](const kernel_set<TypeParam>& kernels, pairing pair) {
    for (std::size_t length = transform_plan<TypeParam>::shortest; length <= longest_transform; length *= 2) {
      this->expect_sum_of_circular_filters(kernels, length, pair);
    }
  });
}

// Taps longer than one segment of a joined pair are not longer than their circle.
TYPED_TEST(fft_transform, joined_segments_take_taps_that_reach_beyond_one) {
  const std::size_t length = transform_plan<TypeParam>::shortest;
  this->with_every_width([&](const kernel_set<TypeParam>& kernels) {
    for (const std::size_t advance : {std::size_t{0}, length / 2, length + 7, 2 * length - 20}) {
      std::vector<double> taps = oracle::random_taps(2 * length - 11, 4);
      for (double& tap : taps) tap /= static_cast<double>(length);
      this->expect_circular_filter(kernels, length, pairing::joined, {taps, advance});
    }
  });
}

TYPED_TEST(fft_transform, saved_samples_and_skipped_results_lie_where_they_should) {
  using number = TypeParam;
  const std::size_t length = 2 * transform_plan<number>::shortest;
  const std::vector<number> row = oracle::random_row<number>(3 * length, 9);
  this->with_every_width_and_pairing([&](const kernel_set<number>& kernels, pairing pair) {
    const transform_plan<number> plan(length, pair, {{1.0}, 0});
    aligned_buffer<number> work(plan.work_size());
    for (const std::size_t saved_slots : {0, 1, 5, 19}) {
      for (const std::size_t end_slots : {0, 1, 7}) {
        const segmentation cut{length, saved_slots * this->slot, end_slots * this->slot, pair};
        std::vector<number> overwritten = row;
        std::fill_n(overwritten.begin(), cut.halo, number{77});
        ASSERT_TRUE(this->first_pass(
            kernels, plan,
            {row.data(), saved_slots, overwritten.data() + cut.halo, overwritten.data() + cut.to_second()},
            work));
        std::vector<number> out(cut.valid() + 2, number{55});
        this->other_passes(kernels, plan,
                           {out.data() + 1, out.data() + 1 + cut.valid_of_first(), saved_slots,
                            (length - cut.lookahead) / this->slot},
                           work);
        EXPECT_EQ(out.front(), number{55});
        EXPECT_EQ(out.back(), number{55});
        for (std::size_t i = 0; i < cut.valid(); ++i) {
          // The identity filter moves nothing: valid samples begin behind the saved ones.
          ASSERT_NEAR(out[1 + i], row[cut.halo + i], 20 * this->epsilon) << i;
        }
      }
    }
  });
}

TYPED_TEST(fft_transform, last_pass_together_with_the_next_first_one_is_both) {
  using number = TypeParam;
  const std::size_t saved_slots = 3;
  // Of radix eight, and of radix four.
  for (const std::size_t length : {2 * transform_plan<number>::shortest, transform_plan<number>::shortest}) {
    const std::vector<number> row = oracle::random_row<number>(4 * length, 10);
    const segment_pair_source<number> next{row.data(), saved_slots, row.data() + 2 * length,
                                           row.data() + 3 * length};
    const transform_plan<number> plan(length, pairing::joined, {oracle::random_taps(9, 7), 2});
    const segmentation cut{length, saved_slots * this->slot, 4 * this->slot, pairing::joined};
    this->with_every_width([&](const kernel_set<number>& kernels) {
      if (kernels.last_and_first_pass == nullptr) return;
      // Two pairs, of which `turn` ends the one and begins the other.
      const auto filtered = [&](const auto& turn) {
        const auto target = [&](number* to) {
          return segment_pair_target<number>{to, to + cut.valid_of_first(), saved_slots,
                                             (length - cut.lookahead) / this->slot};
        };
        aligned_buffer<number> work(plan.work_size());
        std::vector<number> out(2 * cut.valid());
        EXPECT_TRUE(this->first_pass(kernels, plan, {nullptr, 0, row.data(), row.data() + length}, work));
        kernels.inner_passes(plan.view(), {}, work.data());
        EXPECT_TRUE(turn(work, target(out.data())));
        this->other_passes(kernels, plan, target(out.data() + cut.valid()), work);
        return out;
      };
      EXPECT_EQ(filtered([&](aligned_buffer<number>& work, const segment_pair_target<number>& target) {
                  return kernels.last_and_first_pass(plan.view(), work.data(), target, next);
                }),
                filtered([&](aligned_buffer<number>& work, const segment_pair_target<number>& target) {
                  return kernels.template samples<number>().last_pass(plan.view(), work.data(), target) &&
                         this->first_pass(kernels, plan, next, work);
                }));
    });
  }
}

TYPED_TEST(fft_transform, samples_that_are_not_finite_or_too_large_are_reported) {
  using number = TypeParam;
  const std::size_t length = transform_plan<number>::shortest;
  this->with_every_width_and_pairing([&](const kernel_set<number>& kernels, pairing pair) {
    const transform_plan<number> plan(length, pair, {{1.0}, 0});
    aligned_buffer<number> work(plan.work_size());
    for (const number bad : {std::numeric_limits<number>::quiet_NaN(),
                             -std::numeric_limits<number>::infinity(), std::numeric_limits<number>::max()}) {
      for (std::size_t at = 0; at < 2 * length; at += 37) {
        std::vector<number> row(2 * length, number{1});
        row[at] = bad;
        ASSERT_FALSE(this->first_pass(kernels, plan, {nullptr, 0, row.data(), row.data() + length}, work))
            << at;
      }
    }
  });
}

}  // namespace
}  // namespace weir::fir
