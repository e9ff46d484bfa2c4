#include "kernels.hpp"

#include <string>
#include <type_traits>

#include <weir/error.hpp>

namespace weir::fir {
namespace {

template <std::floating_point A>
const kernel_set<A>& choose(const kernel_set<float>& of_float, const kernel_set<double>& of_double) {
  if constexpr (std::is_same_v<A, float>) {
    return of_float;
  } else {
    return of_double;
  }
}

}  // namespace

template <std::floating_point A>
const kernel_set<A>& kernels_for(instruction_set set) {
  if (is_available(set)) {
    switch (set) {
      case instruction_set::baseline:
        return choose<A>(baseline_float_kernels, baseline_double_kernels);
#if defined(__aarch64__)
      case instruction_set::neon:
        return choose<A>(neon_float_kernels, neon_double_kernels);
#elif defined(__x86_64__)
      case instruction_set::avx2:
        return choose<A>(avx2_float_kernels, avx2_double_kernels);
      case instruction_set::avx512:
        return choose<A>(avx512_float_kernels, avx512_double_kernels);
#endif
      default:
        break;
    }
  }
  throw error(exit_code::usage, "the instruction set " + std::string(name_of(set)) +
                                    " is not available on this machine: choose another one");
}

template const kernel_set<float>& kernels_for<float>(instruction_set);
template const kernel_set<double>& kernels_for<double>(instruction_set);

}  // namespace weir::fir
