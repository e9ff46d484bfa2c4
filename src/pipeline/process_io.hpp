#pragma once

#include <cstdint>
#include <optional>

namespace weir::pipeline {

/// What this process has moved by system calls since it began, as the kernel counts it: files from the disk
/// or from its cache, and whatever else is a descriptor.
struct process_io {
  std::uint64_t read = 0;     ///< bytes
  std::uint64_t written = 0;  ///< bytes
};

/// From /proc/self/io (`rchar`, `wchar`; man 5 proc). Nothing where the kernel keeps no such count, or keeps
/// it from this user. Not collective.
std::optional<process_io> io_of_this_process();

}  // namespace weir::pipeline
