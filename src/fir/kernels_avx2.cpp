#include "kernel_table.hpp"

namespace weir::fir {

constinit const kernel_set<float> avx2_float_kernels = simd::kernels_of<simd::avx2, float>();
constinit const kernel_set<double> avx2_double_kernels = simd::kernels_of<simd::avx2, double>();

}  // namespace weir::fir
