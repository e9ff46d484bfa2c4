#pragma once

#include <string_view>

namespace weir {

/// The version of program and library; the build reads it from here.
inline constexpr std::string_view version = "0.1.0";

}  // namespace weir
