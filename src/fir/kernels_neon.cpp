#include "kernel_table.hpp"

namespace weir::fir {

constinit const kernel_set<float> neon_float_kernels = simd::kernels_of<simd::neon, float>();
constinit const kernel_set<double> neon_double_kernels = simd::kernels_of<simd::neon, double>();

}  // namespace weir::fir
