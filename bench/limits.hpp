#pragma once

#include <cstddef>
#include <span>

#include <weir/fir/instruction_set.hpp>

/// What the machine can do at best, measured in the same run as the filters.
namespace weir::bench {

/// Loops of one instruction set.
template <class T>
struct limits {
  /// Runs fused multiply-adds that depend on nothing but themselves; returns how many, all lanes counted.
  double (*multiply_adds)(std::size_t rounds, T* result);
  /// x = a x + b over all of memory: every sample is read and written once.
  void (*rewrite)(std::span<T> x);
};

extern const limits<float> baseline_float_limits;
extern const limits<double> baseline_double_limits;
extern const limits<float> neon_float_limits;
extern const limits<double> neon_double_limits;
extern const limits<float> avx2_float_limits;
extern const limits<double> avx2_double_limits;
extern const limits<float> avx512_float_limits;
extern const limits<double> avx512_double_limits;

}  // namespace weir::bench
