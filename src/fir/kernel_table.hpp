#pragma once

#include "deal_kernel.hpp"
#include "direct_kernel.hpp"
#include "fft/inner_passes.hpp"
#include "fft/row_passes.hpp"
#include "kernels.hpp"
#include "polyphase_kernel.hpp"
#include "samples_kernel.hpp"

namespace weir::fir::simd {

template <class Isa, class A, class S>
constexpr sample_kernels<A, S> sample_kernels_of() {
  return {&read_samples<Isa, A, S>, &write_samples<Isa, A, S>, &deal_out<Isa, A, S>,
          &first_pass_of_any_radix<Isa, A, S>, &last_pass_of_any_radix<Isa, A, S>};
}

template <class Isa, class A>
constexpr auto streamed_sum_or_null() -> decltype(kernel_set<A>::streamed_sum) {
  if constexpr (streams_short_sums<Isa>) return &streamed_sum<Isa, A>;
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
          tile_outputs<A, Isa>,
          streamed_sum_or_null<Isa, A>(),
          vec<A, Isa>::lanes,
          &polyphase_sum<Isa, A>,
          &inner_passes<Isa, A>,
          &add_spectrum<Isa, A>,
          &return_spectrum<Isa, A>};
}

}  // namespace weir::fir::simd
