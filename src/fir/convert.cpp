#include <weir/fir/convert.hpp>

#include "kernels.hpp"
#include "sample_pairs.hpp"

namespace weir::fir {
namespace {

/// Conversions have the same bits in all instruction sets, and are bound by memory in the smallest one.
template <std::floating_point A, sample S>
const sample_kernels<A, S>& kernels() {
  return kernels_for<A>(instruction_set::baseline).template samples<S>();
}

}  // namespace

template <sample S, std::floating_point A>
std::uint64_t to_arithmetic(std::span<const S> from, std::span<A> to) {
  return kernels<A, S>().read(from.data(), from.size(), to.data());
}

template <sample S, std::floating_point A>
std::uint64_t to_samples(std::span<const A> from, std::span<S> to) {
  return kernels<A, S>().write(from.data(), from.size(), to.data());
}

#define WEIR_INSTANTIATE(S, A)                                                  \
  template std::uint64_t to_arithmetic<S, A>(std::span<const S>, std::span<A>); \
  template std::uint64_t to_samples<S, A>(std::span<const A>, std::span<S>);
WEIR_FOR_EVERY_SAMPLE_AND_ARITHMETIC(WEIR_INSTANTIATE)
#undef WEIR_INSTANTIATE

}  // namespace weir::fir
