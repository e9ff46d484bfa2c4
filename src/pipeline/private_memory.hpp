#pragma once

#include <cstddef>

#include <weir/shm/memory_limits.hpp>

namespace weir::pipeline {

/// Memory that this rank alone holds: its pages that no file backs, without the windows that it shares.
inline std::size_t private_bytes() {
  return memory_of_this_process().anonymous;
}

}  // namespace weir::pipeline
