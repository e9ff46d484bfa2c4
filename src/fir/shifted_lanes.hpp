#pragma once

#include "simd.hpp"

/// Lanes of two registers that follow one another.
namespace weir::fir::simd {

// The lanes from number `shift` of a on. GCC makes an operation with its choice of lanes in a third register
// of it, where there is one without.
template <std::size_t shift, class Isa, class Raw>
[[gnu::always_inline]] inline Raw shifted_lanes(Isa, Raw a, Raw b) {
  return [&]<std::size_t... i>(std::index_sequence<i...>) {
    return __builtin_shufflevector(a, b, (shift + i)...);
  }
  (std::make_index_sequence<sizeof(Raw) / sizeof(a[0])>());
}
#if defined(__AVX512F__)
// Masks of ones, which cost nothing: GCC 12 warns about its own words without.
template <std::size_t shift>
[[gnu::always_inline]] inline __m512d shifted_lanes(avx512, __m512d a, __m512d b) {
  return _mm512_castsi512_pd(
      _mm512_maskz_alignr_epi64(0xFF, _mm512_castpd_si512(b), _mm512_castpd_si512(a), shift));
}
template <std::size_t shift>
[[gnu::always_inline]] inline __m512 shifted_lanes(avx512, __m512 a, __m512 b) {
  return _mm512_castsi512_ps(
      _mm512_maskz_alignr_epi32(0xFFFF, _mm512_castps_si512(b), _mm512_castps_si512(a), shift));
}
#endif

/// The numbers `shift` behind the first one of a.
template <std::size_t shift, class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> shifted(vec<T, Isa> a, vec<T, Isa> b) {
  if constexpr (shift == 0) return a;
  return {shifted_lanes<shift>(Isa{}, a.v, b.v)};
}

}  // namespace weir::fir::simd
