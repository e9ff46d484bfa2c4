#pragma once

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "emulated.hpp"
#include "fft/complex_vec.hpp"
#include "fft/exact_transform.hpp"
#include "oracle.hpp"

/// The discrete Fourier transform by its definition, and the numbers and registers that kernels are tested
/// with against it.
namespace weir::fir {

using simd::direction;

inline exact root(long double part, long double whole, direction d) {
  const long double angle = 2 * std::numbers::pi_v<long double> * part / whole;
  return {std::cos(angle), d == direction::forward ? -std::sin(angle) : std::sin(angle)};
}

/// The definition, term by term.
inline std::vector<exact> naive_dft(const std::vector<exact>& x, direction d) {
  std::vector<exact> y(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    for (std::size_t n = 0; n < x.size(); ++n) {
      y[k] += x[n] * root(static_cast<long double>(n * k % x.size()), static_cast<long double>(x.size()), d);
    }
  }
  return y;
}

inline std::vector<exact> random_complex(std::size_t count, std::uint32_t seed) {
  const auto re = oracle::random_row<float>(count, seed);
  const auto im = oracle::random_row<float>(count, seed + 1000);
  std::vector<exact> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = {re[i], im[i]};
  return x;
}

template <class T, class I>
struct kind {
  using number = T;
  using isa = I;
};

/// Registers of 16, 32 and 64 bytes.
using every_kind = testing::Types<kind<double, simd::baseline>, kind<float, simd::baseline>,
                                  kind<double, emulated::fused<32>>, kind<float, emulated::fused<32>>,
                                  kind<double, emulated::fused<64>>, kind<float, emulated::fused<64>>>;

}  // namespace weir::fir
