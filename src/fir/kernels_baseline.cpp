#include "kernel_table.hpp"

namespace weir::fir {

constinit const kernel_set<float> baseline_float_kernels = simd::kernels_of<simd::baseline, float>();
constinit const kernel_set<double> baseline_double_kernels = simd::kernels_of<simd::baseline, double>();

}  // namespace weir::fir
