#include "memory_ahead.hpp"

#include <unistd.h>

namespace weir::fir {
namespace {

/// Measured: from this on there is room for what is ahead beside the buffer and the tables of a transform.
constexpr long first_level_bytes_for_both = 48 * 1024;

/// Longer buffers than this are not in the first level anyhow when it is needed again.
constexpr std::size_t most_bytes_that_stay = 16 * 1024;

}  // namespace

cache_level level_ahead_of(std::size_t bytes) {
  static const long first_level_bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE);  // 0 or -1 where it is not known
  const bool may_stay = bytes <= most_bytes_that_stay;
  return may_stay && first_level_bytes < first_level_bytes_for_both ? cache_level::second
                                                                    : cache_level::first;
}

}  // namespace weir::fir
