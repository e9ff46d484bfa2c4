#pragma once

#include <cstddef>

/// Instruction sets that exist in tests only: registers of any width, whose fused multiply-add is the
/// standard library's. With them the kernels for wide registers run on any processor, slowly, and to the same
/// bits.
namespace weir::fir::emulated {

template <std::size_t bytes>
struct fused {
  static constexpr std::size_t register_bytes = bytes;
  static constexpr std::size_t registers = bytes == 64 ? 32 : 16;
};

/// Out of line: hundreds of them stand in a kernel, each as many calls as a register has lanes.
template <std::size_t lanes, class Raw>
[[gnu::noinline]] void multiply_add_lanes(const Raw& a, const Raw& b, Raw& c) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    if constexpr (sizeof(a[0]) == sizeof(double)) c[lane] = __builtin_fma(a[lane], b[lane], c[lane]);
    if constexpr (sizeof(a[0]) == sizeof(float)) c[lane] = __builtin_fmaf(a[lane], b[lane], c[lane]);
  }
}

template <std::size_t bytes, class Raw>
[[gnu::always_inline]] inline Raw multiply_add(fused<bytes>, Raw a, Raw b, Raw c) {
  multiply_add_lanes<bytes / sizeof(a[0])>(a, b, c);
  return c;
}

}  // namespace weir::fir::emulated
