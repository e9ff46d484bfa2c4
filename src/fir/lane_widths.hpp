#pragma once

#include <bit>
#include <concepts>

#include "simd.hpp"

/// Numbers in lanes of the next wider type. Compilers know that as two halves to be widened and joined, where
/// the processor has one instruction.
namespace weir::fir::simd {

template <class T>
struct wider;
template <>
struct wider<std::int16_t> : std::type_identity<std::int32_t> {};
template <>
struct wider<std::uint16_t> : std::type_identity<std::int32_t> {};
template <>
struct wider<std::int32_t> : std::type_identity<double> {};
template <>
struct wider<float> : std::type_identity<double> {};

/// The type of a raw register's lanes.
template <class Raw>
using lane_of = std::remove_cvref_t<decltype(Raw{}[0])>;

template <class Isa, class Raw>
[[gnu::always_inline]] inline auto widen(Isa, Raw x) {
  using lane = lane_of<Raw>;
  return __builtin_convertvector(x,
                                 typename raw<typename wider<lane>::type, sizeof(Raw) / sizeof(lane)>::type);
}

#if defined(__AVX2__)
template <class Isa>
concept with_avx2 = std::same_as<Isa, avx2> || std::same_as<Isa, avx512>;

template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<std::int16_t, 8>::type x) {
  return reinterpret_cast<raw<std::int32_t, 8>::type>(_mm256_cvtepi16_epi32(reinterpret_cast<__m128i>(x)));
}
template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<std::uint16_t, 8>::type x) {
  return reinterpret_cast<raw<std::int32_t, 8>::type>(_mm256_cvtepu16_epi32(reinterpret_cast<__m128i>(x)));
}
template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<std::int16_t, 4>::type x) {
  const __m128i low = _mm_cvtsi64_si128(std::bit_cast<long long>(x));
  return reinterpret_cast<raw<std::int32_t, 4>::type>(_mm_cvtepi16_epi32(low));
}
template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<std::uint16_t, 4>::type x) {
  const __m128i low = _mm_cvtsi64_si128(std::bit_cast<long long>(x));
  return reinterpret_cast<raw<std::int32_t, 4>::type>(_mm_cvtepu16_epi32(low));
}
template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<std::int32_t, 4>::type x) {
  return raw<double, 4>::type(_mm256_cvtepi32_pd(reinterpret_cast<__m128i>(x)));
}
template <with_avx2 Isa>
[[gnu::always_inline]] inline auto widen(Isa, raw<float, 4>::type x) {
  return raw<double, 4>::type(_mm256_cvtps_pd(x));
}
#endif
#if defined(__AVX512F__)
// Masks of ones, which cost nothing: GCC 12 warns about its own words without.
[[gnu::always_inline]] inline auto widen(avx512, raw<std::int16_t, 16>::type x) {
  return reinterpret_cast<raw<std::int32_t, 16>::type>(
      _mm512_maskz_cvtepi16_epi32(0xFFFF, reinterpret_cast<__m256i>(x)));
}
[[gnu::always_inline]] inline auto widen(avx512, raw<std::uint16_t, 16>::type x) {
  return reinterpret_cast<raw<std::int32_t, 16>::type>(
      _mm512_maskz_cvtepu16_epi32(0xFFFF, reinterpret_cast<__m256i>(x)));
}
[[gnu::always_inline]] inline auto widen(avx512, raw<std::int32_t, 8>::type x) {
  return raw<double, 8>::type(_mm512_maskz_cvtepi32_pd(0xFF, reinterpret_cast<__m256i>(x)));
}
[[gnu::always_inline]] inline auto widen(avx512, raw<float, 8>::type x) {
  return raw<double, 8>::type(_mm512_maskz_cvtps_pd(0xFF, x));
}
#endif

/// Calls `take` with the numbers of a register of the set in lanes of type To: with the register itself, or
/// with one half and then the other where twice as wide lanes hold half as many. Second argument: where they
/// begin.
template <class To, class Isa, class Raw>
[[gnu::always_inline]] inline void in_lanes_of(Isa set, Raw x, const auto& take) {
  if constexpr (std::is_same_v<To, lane_of<Raw>>) {
    take(x, std::size_t{0});
  } else {
    constexpr std::size_t half = sizeof(Raw) / sizeof(lane_of<Raw>) / 2;
    [&]<std::size_t... i>(std::index_sequence<i...>) {
      take(widen(set, __builtin_shufflevector(x, x, i...)), std::size_t{0});
      take(widen(set, __builtin_shufflevector(x, x, (half + i)...)), half);
    }
    (std::make_index_sequence<half>());
  }
}

}  // namespace weir::fir::simd
