#pragma once

#include <cstddef>

namespace weir::fir {

/// Lines so many lines apart share a set of the first-level cache, as on most processors. A set holds eight
/// or twelve of them.
inline constexpr std::size_t lines_to_same_set = 64;

}  // namespace weir::fir
