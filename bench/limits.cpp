#include "limits.hpp"

#include "simd.hpp"

// Compiled once for every instruction set, whose name WEIR_LIMITS_SET is.
#define WEIR_JOIN_(set, rest) set##rest
#define WEIR_JOIN(set, rest) WEIR_JOIN_(set, rest)

namespace weir::bench {
namespace {

namespace simd = weir::fir::simd;
using isa = simd::WEIR_LIMITS_SET;

template <class T>
double multiply_adds(std::size_t rounds, T* result) {
  constexpr std::size_t chains = 12;  // more than latency times multipliers, fewer than registers
  simd::vec<T, isa> sum[chains];
  for (std::size_t i = 0; i < chains; ++i) sum[i] = simd::broadcast<isa>(static_cast<T>(i));
  const auto factor = simd::broadcast<isa>(T(0.5));
  const auto term = simd::broadcast<isa>(T(0.25));
  for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < chains; ++i) sum[i] = simd::fma(sum[i], factor, term);
  }
  for (std::size_t i = 1; i < chains; ++i) sum[0] = sum[0] + sum[i];
  *result = sum[0].v[0];
  return static_cast<double>(rounds * chains * simd::vec<T, isa>::lanes);
}

template <class T>
void rewrite(std::span<T> x) {
  constexpr std::size_t lanes = simd::vec<T, isa>::lanes;
  const auto factor = simd::broadcast<isa>(T(0.5));
  const auto term = simd::broadcast<isa>(T(0.5));
  T* const data = x.data();
  const std::size_t size = x.size();
  for (std::size_t i = 0; i + lanes <= size; i += lanes) {
    simd::store(simd::fma(simd::load<isa>(data + i), factor, term), data + i);
  }
}

}  // namespace

const limits<float> WEIR_JOIN(WEIR_LIMITS_SET, _float_limits){multiply_adds<float>, rewrite<float>};
const limits<double> WEIR_JOIN(WEIR_LIMITS_SET, _double_limits){multiply_adds<double>, rewrite<double>};

}  // namespace weir::bench
