#include "kernel_table.hpp"

namespace weir::fir {

constinit const kernel_set<float> avx512_float_kernels = simd::kernels_of<simd::avx512, float>();
constinit const kernel_set<double> avx512_double_kernels = simd::kernels_of<simd::avx512, double>();

}  // namespace weir::fir
