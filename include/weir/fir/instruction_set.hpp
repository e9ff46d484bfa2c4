#pragma once

#include <string_view>
#include <vector>

namespace weir::fir {

/// The instruction sets that the kernels are built for, from the smallest to the largest.
///
/// All sets with fused multiply-add (every one but `baseline`) give the same bits for the same filter and
/// data on one kind of processor: the kernels' order of operations does not depend on the register's width.
/// `baseline` rounds products before it adds them, so its last bits differ from the others'. Ranks that must
/// agree to the bit use the smallest set among them. Between x86-64 and AArch64 the direct sum has the same
/// bits; tables of the transform may differ in a last bit, as they are rounded from their own long double.
enum class instruction_set {
  baseline,  ///< what the compiler's target guarantees; SSE2 on x86-64
  neon,      ///< AArch64 Advanced SIMD
  avx2,      ///< AVX2 and FMA
  avx512,    ///< AVX-512 F, BW, DQ and VL
};

/// The name that reports and the environment variable use.
std::string_view name_of(instruction_set set);

/// Whether this build has kernels for the set and this processor can run them.
bool is_available(instruction_set set);

/// Every available set, smallest first; `baseline` is always among them.
std::vector<instruction_set> available_instruction_sets();

/// The largest available set, or the one that the environment variable WEIR_INSTRUCTION_SET names.
///
/// Throws error(usage) when the variable names no set, or one that is not available here.
instruction_set best_instruction_set();

}  // namespace weir::fir
