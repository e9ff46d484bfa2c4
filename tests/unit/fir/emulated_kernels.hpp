#pragma once

#include <concepts>

#include "kernels.hpp"

namespace weir::fir::emulated {

/// The kernels for the widest registers, with instructions that every processor has.
template <std::floating_point A>
const kernel_set<A>& wide_kernels();

}  // namespace weir::fir::emulated
