#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/gaussian.hpp>

namespace weir::fir {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

exit_code code_of(const auto& call) {
  try {
    call();
  } catch (const error& e) {
    return e.code();
  }
  return exit_code::done;
}

TEST(gaussian, radius_is_that_of_scipy) {
  EXPECT_EQ(gaussian_taps({.sigma = 40}).size(), 321U);
  EXPECT_EQ(gaussian_taps({.sigma = 0.3}).size(), 3U);
  EXPECT_EQ(gaussian_taps({.sigma = 0.1}).size(), 1U);
  EXPECT_EQ(gaussian_taps({.sigma = 2, .truncate = 0}).size(), 1U);
}

TEST(gaussian, smoothing_taps_follow_the_definition) {
  const std::vector<double> taps = gaussian_taps({.sigma = 3});
  long double sum = 0;
  for (int x = -12; x <= 12; ++x) sum += std::exp(-0.5L * x * x / 9);
  for (int x = -12; x <= 12; ++x) {
    EXPECT_NEAR(taps[static_cast<std::size_t>(x + 12)],
                static_cast<double>(std::exp(-0.5L * x * x / 9) / sum), 1e-16);
  }
  EXPECT_NEAR(std::accumulate(taps.begin(), taps.end(), 0.0), 1, 1e-15);
}

TEST(gaussian, derivatives_are_hermite_polynomials_times_the_gaussian) {
  const double sigma = 2.5;
  const std::vector<double> smooth = gaussian_taps({.sigma = sigma});
  const double radius = 10;
  for (int order = 1; order <= 4; ++order) {
    const std::vector<double> taps = gaussian_taps({.sigma = sigma, .order = order});
    for (std::size_t k = 0; k < taps.size(); ++k) {
      // d^n/dx^n exp(-x^2/2s^2) = (-1/s)^n He_n(x/s) exp(-x^2/2s^2), He the probabilists' polynomials.
      const double u = (static_cast<double>(k) - radius) / sigma;
      const double hermite[] = {1, u, u * u - 1, u * u * u - 3 * u, u * u * u * u - 6 * u * u + 3};
      EXPECT_NEAR(taps[k], std::pow(-1 / sigma, order) * hermite[order] * smooth[k], 1e-16)
          << order << " " << k;
    }
  }
}

TEST(gaussian, a_first_derivative_finds_the_slope_of_a_ramp) {
  const std::vector<double> taps = gaussian_taps({.sigma = 2, .order = 1});
  double slope = 0;
  for (std::size_t k = 0; k < taps.size(); ++k) slope += taps[k] * -(static_cast<double>(k) - 8);
  EXPECT_NEAR(slope, 1, 2e-3);  // the kernel is cut at four sigma
}

TEST(gaussian, what_cannot_be_a_kernel_is_a_usage_error) {
  const gaussian bad[] = {{.sigma = 0},
                          {.sigma = -1},
                          {.sigma = nan},
                          {.sigma = infinity},
                          {.sigma = 1e9},
                          {.sigma = 1, .truncate = -1},
                          {.sigma = 1, .truncate = nan},
                          {.sigma = 1, .truncate = 4, .order = -1},
                          {.sigma = 1, .truncate = 4, .order = 1'000'000},
                          {.sigma = 1e-200},
                          {.sigma = 1e-5, .truncate = 4e5, .order = 100}};
  for (const gaussian& kernel : bad) {
    EXPECT_EQ(code_of([&] { gaussian_taps(kernel); }), exit_code::usage) << kernel.sigma;
  }
}

TEST(gaussian, numbers_in_messages_are_as_short_as_can_be) {
  for (const auto& [kernel, number] : {std::pair(gaussian{.sigma = -1e-9}, "-1e-09"),
                                       std::pair(gaussian{.sigma = 2, .truncate = 1e300}, "1e+300")}) {
    try {
      gaussian_taps(kernel);
      ADD_FAILURE() << number;
    } catch (const error& e) {
      EXPECT_NE(std::string(e.what()).find(number), std::string::npos) << e.what();
      EXPECT_LT(std::string(e.what()).size(), 120U);
    }
  }
}

TEST(filter_spec, phases) {
  EXPECT_EQ(with_phase({1, 2, 3}, phase::zero).advance, 1U);
  EXPECT_EQ(with_phase({1, 2, 3}, phase::causal).advance, 0U);
  EXPECT_EQ(with_phase({1, 2}, phase::causal).advance, 0U);
  EXPECT_EQ(code_of([] { with_phase({1, 2}, phase::zero); }), exit_code::usage);
}

TEST(filter_spec, taps_must_be_finite_numbers) {
  EXPECT_EQ(code_of([] { with_phase({}, phase::causal); }), exit_code::bad_data);
  EXPECT_EQ(code_of([] { with_phase({1, nan, 1}, phase::causal); }), exit_code::bad_data);
  EXPECT_EQ(code_of([] { with_phase({1, infinity, 1}, phase::zero); }), exit_code::bad_data);
  EXPECT_EQ(code_of([] { check({{1, 2}, 2}); }), exit_code::bad_data);
}

TEST(filter_spec, symmetry_is_about_the_output_sample) {
  EXPECT_TRUE(is_centred_symmetric({{1, 2, 1}, 1}));
  EXPECT_TRUE(is_centred_symmetric({{5}, 0}));
  EXPECT_FALSE(is_centred_symmetric({{1, 2, 1}, 0}));
  EXPECT_FALSE(is_centred_symmetric({{1, 2, 3}, 1}));
  EXPECT_FALSE(is_centred_symmetric({{1, 1}, 0}));
}

}  // namespace
}  // namespace weir::fir
