#include "emulated_kernels.hpp"

#include "emulated.hpp"
#include "kernel_table.hpp"

namespace weir::fir::emulated {

template <std::floating_point A>
const kernel_set<A>& wide_kernels() {
  static constexpr kernel_set<A> kernels = simd::kernels_of<fused<64>, A>();
  return kernels;
}

template const kernel_set<float>& wide_kernels<float>();
template const kernel_set<double>& wide_kernels<double>();

}  // namespace weir::fir::emulated
