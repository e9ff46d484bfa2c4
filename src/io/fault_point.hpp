#pragma once

#include <string_view>

namespace weir::io {

/// A place where the tests may end this process, to see that nothing is lost whenever that happens. It does
/// nothing here; a program of the tests links another definition in its place.
void fault_point(std::string_view place) noexcept;

}  // namespace weir::io
