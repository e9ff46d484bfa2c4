#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "emulated_kernels.hpp"
#include "fft/transform_plan.hpp"
#include "oracle.hpp"

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

  /// Both segments of a pair through the whole transform, against the circular sum.
  static void expect_circular_filter(const kernel_set<T>& kernels, std::size_t length,
                                     const filter_spec& spec) {
    const transform_plan<T> plan(length, spec);
    const std::vector<T> first = oracle::random_row<T>(length, 5);
    const std::vector<T> second = oracle::random_row<T>(length, 6);
    std::vector<T> out_first(length), out_second(length);
    aligned_buffer<T> work(plan.work_size());
    ASSERT_TRUE(first_pass(kernels, plan, {nullptr, 0, first.data(), second.data()}, work));
    other_passes(kernels, plan, {out_first.data(), out_second.data(), 0, length / slot}, work);
    for (std::size_t i = 0; i<length; i += length> 2048 ? 61 : 1) {
      std::complex<long double> expected = 0;
      for (std::size_t k = 0; k < spec.taps.size(); ++k) {
        const std::size_t from = (i + spec.advance + length - k) % length;
        expected +=
            static_cast<long double>(spec.taps[k]) * std::complex<long double>(first[from], second[from]);
      }
      const std::complex<long double> got(out_first[i], out_second[i]);
      ASSERT_LT(std::abs(got - expected), 20 * epsilon) << length << " " << i;
    }
  }

  /// Spectra of two rows' segments, each times a response of its own, through one way back.
  static void expect_sum_of_circular_filters(const kernel_set<T>& kernels, std::size_t length) {
    const std::vector<filter_spec> specs{{oracle::random_taps(9, 7), 2},
                                         {oracle::random_symmetric_taps(101, 8), 50}};
    const transform_plan<T> plan(length, specs);
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
        const T* const segment = row.data() + (2 * filter + i / length) * length;
        for (std::size_t k = 0; k < specs[filter].taps.size(); ++k) {
          expected += static_cast<long double>(specs[filter].taps[k]) *
                      segment[(i % length + specs[filter].advance + length - k) % length];
        }
      }
      ASSERT_NEAR(out[i], static_cast<double>(expected), 40 * epsilon) << length << " " << i;
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
  this->with_every_width([&](const kernel_set<TypeParam>& kernels) {
    for (std::size_t length = transform_plan<TypeParam>::shortest; length <= longest_transform; length *= 2) {
      this->expect_circular_filter(kernels, length, {oracle::random_taps(9, 7), 2});
      this->expect_circular_filter(kernels, length, {oracle::random_symmetric_taps(101, 8), 50});
    }
  });
}

TYPED_TEST(fft_transform, filters_in_a_circle_and_adds_up) {
  this->with_every_width([&](const kernel_set<TypeParam>& kernels) {
    for (std::size_t length = transform_plan<TypeParam>::shortest; length <= longest_transform; length *= 2) {
      this->expect_sum_of_circular_filters(kernels, length);
    }
  });
}

TYPED_TEST(fft_transform, saved_samples_and_skipped_results_lie_where_they_should) {
  using number = TypeParam;
  const std::size_t length = 2 * transform_plan<number>::shortest;
  const transform_plan<number> plan(length, {{1.0}, 0});
  const std::vector<number> row = oracle::random_row<number>(3 * length, 9);
  aligned_buffer<number> work(plan.work_size());
  this->with_every_width([&](const kernel_set<number>& kernels) {
    for (const std::size_t saved_slots : {0, 1, 5, 19}) {
      for (const std::size_t end_slots : {0, 1, 7}) {
        const std::size_t saved = saved_slots * this->slot;
        const std::size_t valid = length - saved - end_slots * this->slot;
        std::vector<number> overwritten = row;
        std::fill_n(overwritten.begin(), saved, number{77});
        ASSERT_TRUE(this->first_pass(
            kernels, plan, {row.data(), saved_slots, overwritten.data() + saved, overwritten.data() + valid},
            work));
        std::vector<number> out(2 * valid + 2, number{55});
        this->other_passes(kernels, plan,
                           {out.data() + 1, out.data() + 1 + valid, saved_slots, valid / this->slot}, work);
        EXPECT_EQ(out.front(), number{55});
        EXPECT_EQ(out.back(), number{55});
        for (std::size_t i = 0; i < 2 * valid; ++i) {
          // The identity filter moves nothing: valid samples begin behind the saved ones.
          ASSERT_NEAR(out[1 + i], row[saved + i], 20 * this->epsilon) << i;
        }
      }
    }
  });
}

TYPED_TEST(fft_transform, last_pass_joined_with_the_next_first_one_is_both) {
  using number = TypeParam;
  const std::size_t length = 2 * transform_plan<number>::shortest;
  const transform_plan<number> plan(length, {oracle::random_taps(9, 7), 2});
  const std::vector<number> row = oracle::random_row<number>(4 * length, 10);
  const std::size_t saved_slots = 3;
  const std::size_t valid = length - 7 * this->slot;
  const segment_pair_source<number> next{row.data(), saved_slots, row.data() + 2 * length,
                                         row.data() + 3 * length};
  this->with_every_width([&](const kernel_set<number>& kernels) {
    if (kernels.last_and_first_pass == nullptr) return;
    // Two pairs, of which `turn` ends the one and begins the other.
    const auto filtered = [&](const auto& turn) {
      const auto target = [&](number* to) {
        return segment_pair_target<number>{to, to + valid, saved_slots, valid / this->slot};
      };
      aligned_buffer<number> work(plan.work_size());
      std::vector<number> out(4 * valid);
      EXPECT_TRUE(this->first_pass(kernels, plan, {nullptr, 0, row.data(), row.data() + length}, work));
      kernels.inner_passes(plan.view(), {}, work.data());
      EXPECT_TRUE(turn(work, target(out.data())));
      this->other_passes(kernels, plan, target(out.data() + 2 * valid), work);
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

TYPED_TEST(fft_transform, samples_that_are_not_finite_or_too_large_are_reported) {
  using number = TypeParam;
  const std::size_t length = transform_plan<number>::shortest;
  const transform_plan<number> plan(length, {{1.0}, 0});
  aligned_buffer<number> work(plan.work_size());
  this->with_every_width([&](const kernel_set<number>& kernels) {
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
