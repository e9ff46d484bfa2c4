#pragma once

#include <string>

namespace weir {

inline constexpr int stderr_descriptor = 2;

/// Writes `text` and a line end by one write(2), so that lines of several ranks that share a file, a pipe or
/// a terminal are never torn. A text of several lines stays together. Errors are ignored: this is where
/// errors are told.
void write_line(int descriptor, std::string text) noexcept;

/// Waits until whoever reads the pipe `descriptor` has taken all of it, but not for long. Returns at once for
/// what is no pipe.
void await_reader(int descriptor) noexcept;

}  // namespace weir
