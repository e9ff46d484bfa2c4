#pragma once

#include "complex_vec.hpp"
#include "transform_view.hpp"

/// What joined segments (transform_view.hpp) change in the first and the last pass.
namespace weir::fir::simd {

/// How many legs of these passes have no twiddle.
template <pairing pair>
inline constexpr std::size_t plain_legs_of_row = pair == pairing::joined ? 0 : 1;

/// The product of x with the part of leg t in the weights, exp(2 pi i t / (4 radix)), forward, and with its
/// conjugate otherwise.
template <std::size_t radix, direction d, class T, class Isa>
[[gnu::always_inline]] inline complex_vec<T, Isa> weighted(complex_vec<T, Isa> x, std::size_t t) {
  // cos(pi k / 16); the sines are the same backwards.
  constexpr long double cosines[] = {1,
                                     0.98078528040323044913L,
                                     0.92387953251128675613L,
                                     0.83146961230254523708L,
                                     0.70710678118654752440L,
                                     0.55557023301960222474L,
                                     0.38268343236508977173L,
                                     0.19509032201612826785L,
                                     0};
  if (t == 0) return x;
  const std::size_t k = t * 8 / radix;
  return rotate<d>(x, complex_vec<T, Isa>{broadcast<Isa>(static_cast<T>(cosines[k])),
                                          broadcast<Isa>(static_cast<T>(cosines[8 - k]))});
}

}  // namespace weir::fir::simd
