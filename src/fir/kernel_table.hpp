#pragma once

#include "deal_kernel.hpp"
#include "direct_kernel.hpp"
#include "fft/inner_passes.hpp"
#include "fft/row_passes.hpp"
#include "kernels.hpp"
#include "polyphase_kernel.hpp"
#include "samples_kernel.hpp"
#include "short_sum_kernel.hpp"

namespace weir::fir::simd {

template <class Isa, class A, class S>
constexpr sample_kernels<A, S> sample_kernels_of() {
  return {&read_samples<Isa, A, S>, &write_samples<Isa, A, S>, &deal_out<Isa, A, S>,
          &first_pass_of_any_kind<Isa, A, S>, &last_pass_of_any_kind<Isa, A, S>};
}

template <class Isa, class A>
constexpr short_sum_kernel<A> short_sum_kernel_of() {
  if constexpr (has_short_sums<Isa>) {
    static_assert(direct_outputs<A, Isa> % short_sum_outputs<A, Isa> == 0);
    return {&short_sum<Isa, A>, streams_short_sums<Isa> ? vec<A, Isa>::lanes : 0};
  }
  return {};
}

/// Registers of 16 bytes take a line of each leg in four turns, and lose by one loop what they gain.
template <class Isa, class A>
constexpr auto passes_in_one_loop_of() -> decltype(kernel_set<A>::last_and_first_pass) {
  if constexpr (Isa::register_bytes > 16) return &last_and_first_pass_of_any_radix<Isa, A>;
  return nullptr;
}

/// The kernels as built for one instruction set.
template <class Isa, class A>
constexpr kernel_set<A> kernels_of() {
  return {sample_kernels_of<Isa, A, std::int16_t>(),
          sample_kernels_of<Isa, A, std::uint16_t>(),
          sample_kernels_of<Isa, A, std::int32_t>(),
          sample_kernels_of<Isa, A, float>(),
          sample_kernels_of<Isa, A, double>(),
          &direct_sum<Isa, A>,
          direct_outputs<A, Isa>,
          short_sum_kernel_of<Isa, A>(),
          &polyphase_sum<Isa, A>,
          &inner_passes<Isa, A>,
          passes_in_one_loop_of<Isa, A>(),
          &add_spectrum<Isa, A>,
          &return_spectrum<Isa, A>};
}

}  // namespace weir::fir::simd
