#include "memory_ahead.hpp"

#include <unistd.h>

namespace weir::fir {
namespace {

/// Measured: from this on there is room for both, with a transform's tables.
constexpr long first_level_bytes_for_both = 48 * 1024;

/// Of a longer buffer little is left in the first level when a pass comes to it again.
constexpr std::size_t most_bytes_that_stay = 16 * 1024;

}  // namespace

cache_level level_ahead_of(std::size_t bytes) {
  static const long first_level_bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE);  // 0 or -1 where it is not known
  const bool may_stay = bytes <= most_bytes_that_stay;
  return may_stay && first_level_bytes < first_level_bytes_for_both ? cache_level::second
                                                                    : cache_level::first;
}

}  // namespace weir::fir
