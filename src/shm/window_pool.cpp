#include "window_pool.hpp"

#include <algorithm>
#include <bit>

namespace weir {
namespace {

/// Larger windows are worth their making: to touch their pages takes as long.
constexpr std::size_t smallest = std::size_t{4} << 10;
constexpr std::size_t largest = std::size_t{1} << 20;

/// What a domain may keep, beside the windows that it uses.
constexpr std::size_t most_bytes = std::size_t{4} << 20;
constexpr std::size_t most_memories = 32;

}  // namespace

window_pool::window_pool() {
  kept_.reserve(most_memories);
}

std::shared_ptr<window_pool> window_pool::of(const communicator& domain) {
  std::shared_ptr<void>* const place = domain.size() > 1 ? domain.attachment() : nullptr;
  if (place == nullptr) return nullptr;
  if (!*place) *place = std::make_shared<window_pool>();
  return std::static_pointer_cast<window_pool>(*place);
}

std::size_t window_pool::size_class(std::size_t bytes) noexcept {
  return bytes > largest ? 0 : std::max(smallest, std::bit_ceil(bytes));
}

std::unique_ptr<window_memory> window_pool::take(std::size_t size) noexcept {
  const auto last = std::find_if(kept_.rbegin(), kept_.rend(),
                                 [size](const auto& memory) { return memory->size() == size; });
  if (last == kept_.rend()) return nullptr;
  std::unique_ptr<window_memory> taken = std::move(*last);
  kept_.erase(std::next(last).base());
  kept_bytes_ -= size;
  return taken;
}

void window_pool::put(std::unique_ptr<window_memory> memory) noexcept {
  if (kept_.size() == most_memories || kept_bytes_ + memory->size() > most_bytes) return;
  kept_bytes_ += memory->size();
  kept_.push_back(std::move(memory));
}

}  // namespace weir
