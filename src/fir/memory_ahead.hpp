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

/// Into which cache. Processors may leave out requests for the second: Zen 4 and Zen 5 do so for seconds to
/// minutes on end.
enum class cache_level { first, second };

/// For what is ahead of a computation that goes through a buffer of so many bytes again and again: the first
/// level, unless that holds the buffer and would lose it.
cache_level level_ahead_of(std::size_t bytes);

/// Asks a cache for memory ahead in a number of steps. Inlined always, as all that kernels call: see
/// simd.hpp.
class prefetcher {
 public:
  [[gnu::always_inline]] prefetcher(memory_ahead ahead, std::size_t steps, cache_level level)
      : next_(static_cast<const char*>(ahead.begin)),
        end_(next_ + ahead.bytes),
        bytes_a_step_((ahead.bytes / steps / cache_line_bytes + 1) * cache_line_bytes),
        level_(level) {}

  [[gnu::always_inline]] void step() {
    const char* const stop =
        end_ - next_ > static_cast<std::ptrdiff_t>(bytes_a_step_) ? next_ + bytes_a_step_ : end_;
    if (level_ == cache_level::first) {
      ask_until<3>(stop);
    } else {
      ask_until<2>(stop);
    }
  }

 private:
  template <int locality>
  [[gnu::always_inline]] void ask_until(const char* stop) {
    constexpr int to_read = 0;
    for (; next_ < stop; next_ += cache_line_bytes) __builtin_prefetch(next_, to_read, locality);
  }

  const char* next_;
  const char* end_;
  std::size_t bytes_a_step_;
  cache_level level_;
};

}  // namespace weir::fir
