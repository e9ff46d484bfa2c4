#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace weir::jobs {

/// Consecutive units of a round.
struct unit_range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const noexcept { return end - begin; }
};

/// A range that several ranks take units from; in a window. Both ends are one word, so that taking is one
/// exchange. Not collective.
class unit_queue {
 public:
  /// Takes up to `count` units from the front.
  unit_range take(std::uint32_t count) noexcept {
    std::uint64_t seen = word_.load(std::memory_order_acquire);
    for (;;) {
      const unit_range all = unpack(seen);
      const unit_range taken{all.begin, all.begin + std::min(count, all.size())};
      if (taken.size() == 0) return {};
      if (word_.compare_exchange_weak(seen, pack({taken.end, all.end}), std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        return taken;
      }
    }
  }

  std::uint32_t size() const noexcept { return unpack(word_.load(std::memory_order_acquire)).size(); }

  /// Only for a queue that is empty, by one rank at a time.
  void fill(unit_range units) noexcept { word_.store(pack(units), std::memory_order_release); }

 private:
  static std::uint64_t pack(unit_range units) noexcept {
    return static_cast<std::uint64_t>(units.begin) << 32 | units.end;
  }
  static unit_range unpack(std::uint64_t word) noexcept {
    return {static_cast<std::uint32_t>(word >> 32), static_cast<std::uint32_t>(word)};
  }

  std::atomic<std::uint64_t> word_{0};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "queues are shared by processes");

}  // namespace weir::jobs
