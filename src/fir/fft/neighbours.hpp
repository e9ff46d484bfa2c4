#pragma once

#include <utility>

#include "complex_vec.hpp"
#include "transpose.hpp"

/// The two numbers of a unit of float32 (transform_view.hpp), neighbours in a register: the first and the
/// second, lane by lane.
namespace weir::fir::simd {

/// Lane i becomes lane `Pick::at(i)`.
template <class Pick, class Isa>
[[gnu::always_inline]] inline vec<float, Isa> picked(vec<float, Isa> x) {
  return shuffle(x, x, std::make_index_sequence<vec<float, Isa>::lanes>(), Pick());
}

struct other_of_unit {
  static constexpr int at(std::size_t i) { return static_cast<int>(i ^ 1U); }
};
struct first_of_unit {
  static constexpr int at(std::size_t i) { return static_cast<int>(i / 2 * 2); }
};
struct second_of_unit {
  static constexpr int at(std::size_t i) { return static_cast<int>(i | 1U); }
};

/// Each number in the place of its neighbour.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> exchanged(vec<float, Isa> x) {
  return picked<other_of_unit>(x);
}
template <class Isa>
[[gnu::always_inline]] inline complex_vec<float, Isa> exchanged(complex_vec<float, Isa> x) {
  return {exchanged(x.re), exchanged(x.im)};
}

/// What a table has side by side for a unit, each for both numbers of it: half as many lines as one for each
/// number, which is worth the two operations.
template <class Isa>
struct twice {
  vec<float, Isa> first;
  vec<float, Isa> second;
};
template <class Isa>
[[gnu::always_inline]] inline twice<Isa> load_twice(const float* from) {
  const auto entry = held(load<Isa>(from));
  return {picked<first_of_unit>(entry), picked<second_of_unit>(entry)};
}

/// -1 in the first places and 1 in the second.
template <class Isa>
[[gnu::always_inline]] inline vec<float, Isa> alternating_signs() {
  return []<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
    return vec<float, Isa>{typename vec<float, Isa>::raw_type{(i % 2 == 0 ? -1.0F : 1.0F)...}};
  }
  (std::make_index_sequence<vec<float, Isa>::lanes>());
}

// a * b - c in the first places and a * b + c in the second, of raw registers.
template <class Isa, class Raw>
[[gnu::always_inline]] inline Raw multiply_alternating(Isa set, Raw a, Raw b, Raw c) {
  return multiply_add(set, a, b, c * alternating_signs<Isa>().v);
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

}  // namespace weir::fir::simd
