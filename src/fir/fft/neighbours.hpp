#pragma once

#include <utility>

#include "complex_vec.hpp"

/// The two numbers of a unit of float32 (transform_view.hpp), neighbours in a register: the first and the
/// second, lane by lane.
namespace weir::fir::simd {

template <class Isa, class Pick, std::size_t... i>
[[gnu::always_inline]] inline vec<float, Isa> picked(vec<float, Isa> x, Pick, std::index_sequence<i...>) {
  return {__builtin_shufflevector(x.v, x.v, static_cast<int>(Pick()(i))...)};
}

/// Lane i becomes lane `pick(i)`.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> picked(vec<float, Isa> x, auto pick) {
  return picked(x, pick, std::make_index_sequence<vec<float, Isa>::lanes>());
}

/// Each number in the place of its neighbour.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> exchanged(vec<float, Isa> x) {
  return picked(x, [](std::size_t i) { return i ^ 1U; });
}
template <class Isa>
[[gnu::always_inline]] inline complex_vec<float, Isa> exchanged(complex_vec<float, Isa> x) {
  return {exchanged(x.re), exchanged(x.im)};
}

/// The first number in both places, or the second one.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> first_twice(vec<float, Isa> x) {
  return picked(x, [](std::size_t i) { return i / 2 * 2; });
}
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> second_twice(vec<float, Isa> x) {
  return picked(x, [](std::size_t i) { return i | 1U; });
}

// a * b - c in the first places and a * b + c in the second, of raw registers.
template <class Isa, class Raw>
[[gnu::always_inline]] inline Raw multiply_alternating(Isa set, Raw a, Raw b, Raw c) {
  Raw sign{};
  for (std::size_t i = 0; i < vec<float, Isa>::lanes; ++i) sign[i] = i % 2 == 0 ? -1.0F : 1.0F;
  return multiply_add(set, a, b, c * sign);
}
#if defined(__AVX512F__)
[[gnu::always_inline]] inline __m512 multiply_alternating(avx512, __m512 a, __m512 b, __m512 c) {
  return _mm512_fmaddsub_ps(a, b, c);
}
#endif
#if defined(__FMA__)
[[gnu::always_inline]] inline __m256 multiply_alternating(avx2, __m256 a, __m256 b, __m256 c) {
  return _mm256_fmaddsub_ps(a, b, c);
}
#endif

/// a * b - c in the first places and a * b + c in the second, rounded as `fma`.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> fma_alternating(vec<float, Isa> a, vec<float, Isa> b,
                                                              vec<float, Isa> c) {
  return {multiply_alternating(Isa{}, a.v, b.v, c.v)};
}

/// A table's complex number for each unit, real part first and then the imaginary part, for both numbers of
/// the unit: half as many lines as one for each number, which is worth the two operations.
template <class Isa>
[[gnu::always_inline]] inline complex_vec<float, Isa> for_both(vec<float, Isa> entry) {
  return {first_twice(entry), second_twice(entry)};
}

}  // namespace weir::fir::simd
