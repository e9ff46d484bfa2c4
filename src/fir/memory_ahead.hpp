#pragma once

#include <cstddef>

#include <weir/fir/aligned_buffer.hpp>

namespace weir::fir {

/// Memory that will be read when what is in hand has been computed. Who computes asks for it a few lines at a
/// time: all at once, and it would wait until the memory has taken the requests.
struct memory_ahead {
  const void* begin = nullptr;
  std::size_t bytes = 0;
};

/// Into which cache: the second where what is in hand fills the first.
enum class cache_level { first, second };

/// Asks a cache for memory ahead in a number of steps. Inlined always, as all that kernels call: see
/// simd.hpp.
template <cache_level level>
class prefetcher {
 public:
  [[gnu::always_inline]] prefetcher(memory_ahead ahead, std::size_t steps)
      : next_(static_cast<const char*>(ahead.begin)),
        end_(next_ + ahead.bytes),
        bytes_a_step_((ahead.bytes / steps / cache_line_bytes + 1) * cache_line_bytes) {}

  [[gnu::always_inline]] void step() {
    constexpr int to_read = 0;
    constexpr int locality = level == cache_level::first ? 3 : 2;
    const char* const stop =
        end_ - next_ > static_cast<std::ptrdiff_t>(bytes_a_step_) ? next_ + bytes_a_step_ : end_;
    for (; next_ < stop; next_ += cache_line_bytes) __builtin_prefetch(next_, to_read, locality);
  }

 private:
  const char* next_;
  const char* end_;
  std::size_t bytes_a_step_;
};

}  // namespace weir::fir
