#pragma once

#include <cstddef>
#include <span>

namespace weir {

/// Where pages come from: one call of the kernel's for all (madvise MADV_POPULATE_WRITE, Linux 5.14), or
/// writing to them through a system call. Neither ends in a signal where there is no room.
enum class populate_method { automatic, madvise, write };

/// Gives every page of fresh, zero-filled `memory` its place, on the NUMA node of the calling thread; the
/// pages read as zero. Returns false if there was no room for all of them.
bool populate(std::span<std::byte> memory, populate_method method = populate_method::automatic);

}  // namespace weir
