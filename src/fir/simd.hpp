#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#if defined(__FMA__) || defined(__AVX512F__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/// Vectors of numbers as wide as a register, over the compiler's vector extension (GCC and Clang).
///
/// Kernels are compiled once for every instruction set, each in a source file with its own compiler flags.
/// Everything here and in the kernels is a template of the instruction set, so that no function that was
/// compiled with larger flags can be taken by the linker for another's.
namespace weir::fir::simd {

/// Calls `step` with 0, 1, ..., n - 1, each a constant.
template <std::size_t n>
[[gnu::always_inline]] inline void unrolled(const auto& step) {
  [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
    (step(std::integral_constant<std::size_t, i>()), ...);
  }
  (std::make_index_sequence<n>());
}

struct baseline {
  static constexpr std::size_t register_bytes = 16;
  static constexpr std::size_t registers = 16;
};
struct neon {
  static constexpr std::size_t register_bytes = 16;
  static constexpr std::size_t registers = 32;
};
struct avx2 {
  static constexpr std::size_t register_bytes = 32;
  static constexpr std::size_t registers = 16;
};
struct avx512 {
  static constexpr std::size_t register_bytes = 64;
  static constexpr std::size_t registers = 32;
};

/// Consecutive samples that one step of a kernel's order of operations spans. It is the same for all
/// instruction sets, registers of the narrower ones cover it in turns: that is what gives them the same bits.
template <class T>
inline constexpr std::size_t lanes_of_order = 64 / sizeof(T);

template <class T, std::size_t lanes>
struct raw {
  typedef T type __attribute__((vector_size(lanes * sizeof(T))));
  /// As it lies in memory, among other numbers. GCC takes what memcpy brings through the stack where
  /// registers are few.
  typedef type in_memory __attribute__((aligned(alignof(T)), may_alias));
};

template <class T, class Isa>
struct vec {
  static constexpr std::size_t lanes = Isa::register_bytes / sizeof(T);
  using raw_type = typename raw<T, lanes>::type;

  raw_type v;

  [[gnu::always_inline]] friend vec operator+(vec a, vec b) { return {a.v + b.v}; }
  [[gnu::always_inline]] friend vec operator-(vec a, vec b) { return {a.v - b.v}; }
  [[gnu::always_inline]] friend vec operator*(vec a, vec b) { return {a.v * b.v}; }
};

template <class Isa, class T>
[[gnu::always_inline]] inline vec<T, Isa> broadcast(T value) {
  return {value - typename vec<T, Isa>::raw_type{}};
}

template <class Isa, class T>
[[gnu::always_inline]] inline vec<T, Isa> load(const T* from) {
  return {*reinterpret_cast<const typename raw<T, vec<T, Isa>::lanes>::in_memory*>(from)};
}

template <class Isa, class T>
[[gnu::always_inline]] inline void store(vec<T, Isa> x, T* to) {
  *reinterpret_cast<typename raw<T, vec<T, Isa>::lanes>::in_memory*>(to) = x.v;
}

// a * b + c of raw registers: the one operation that the vector extension has no word for.
template <class Raw>
[[gnu::always_inline]] inline Raw multiply_add(baseline, Raw a, Raw b, Raw c) {
  return a * b + c;
}
#if defined(__AVX512F__)
[[gnu::always_inline]] inline __m512d multiply_add(avx512, __m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}
[[gnu::always_inline]] inline __m512 multiply_add(avx512, __m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}
#endif
#if defined(__FMA__)
[[gnu::always_inline]] inline __m256d multiply_add(avx2, __m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}
[[gnu::always_inline]] inline __m256 multiply_add(avx2, __m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}
#endif
#if defined(__aarch64__)
[[gnu::always_inline]] inline float64x2_t multiply_add(neon, float64x2_t a, float64x2_t b, float64x2_t c) {
  return vfmaq_f64(c, a, b);
}
[[gnu::always_inline]] inline float32x4_t multiply_add(neon, float32x4_t a, float32x4_t b, float32x4_t c) {
  return vfmaq_f32(c, a, b);
}
#endif

/// a * b + c, rounded once; where the instruction set has no such operation, rounded twice.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> fma(vec<T, Isa> a, vec<T, Isa> b, vec<T, Isa> c) {
  return {multiply_add(Isa{}, a.v, b.v, c.v)};
}

// Says that the number is in a register from here on; a set without registers of that width is left alone.
template <class Isa, class Raw>
[[gnu::always_inline]] inline void hold(Isa, Raw&) {}
#if defined(__x86_64__)
template <class Raw>
[[gnu::always_inline]] inline void hold(baseline, Raw& x) {
  asm("" : "+x"(x));
}
#endif
#if defined(__FMA__)
template <class Raw>
[[gnu::always_inline]] inline void hold(avx2, Raw& x) {
  asm("" : "+x"(x));
}
#endif
#if defined(__AVX512F__)
template <class Raw>
[[gnu::always_inline]] inline void hold(avx512, Raw& x) {
  asm("" : "+v"(x));
}
#endif
#if defined(__aarch64__)
template <class Raw>
[[gnu::always_inline]] inline void hold(neon, Raw& x) {
  asm("" : "+w"(x));
}
#endif

/// The same numbers, read from memory once. A compiler short of registers reads them anew at each use, since
/// that seems free beside an operation; but every second operation of a pass would then be a load, more than
/// processors start in a cycle.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> held(vec<T, Isa> x) {
  hold(Isa{}, x.v);
  return x;
}

/// The sum of a raw register's lanes, half by half.
template <class Isa, class Raw>
[[gnu::always_inline]] inline auto sum_of_lanes(Isa set, Raw x) {
  using T = std::remove_cvref_t<decltype(x[0])>;
  constexpr std::size_t half = sizeof(Raw) / sizeof(T) / 2;
  if constexpr (half == 1) {
    return x[0] + x[1];
  } else {
    return [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
      return sum_of_lanes(set,
                          __builtin_shufflevector(x, x, i...) + __builtin_shufflevector(x, x, (half + i)...));
    }
    (std::make_index_sequence<half>());
  }
}

/// c - a * b, rounded as `fma`.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> fnma(vec<T, Isa> a, vec<T, Isa> b, vec<T, Isa> c) {
  return fma(vec<T, Isa>{-a.v}, b, c);
}

// Whether some sums are faster as multiply-adds: AMD's processors start two of each in a cycle, and a
// butterfly has more sums. Not with the widest registers, whose stores hold up multiply-adds on Zen 5.
template <class Isa>
inline constexpr bool has_multiply_adds_to_spare = false;
template <>
inline constexpr bool has_multiply_adds_to_spare<avx2> = true;

/// a + b, to the bit, by the units of multiply-adds where they have less to do than those of sums.
template <class T, class Isa>
[[gnu::always_inline]] inline vec<T, Isa> sum_by_multiply_add(vec<T, Isa> a, vec<T, Isa> b) {
  if constexpr (has_multiply_adds_to_spare<Isa>) return fma(a, broadcast<Isa>(T{1}), b);
  return a + b;
}

}  // namespace weir::fir::simd
