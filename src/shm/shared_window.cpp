#include <array>

#include <weir/shm/shared_window.hpp>

#include "expect_same.hpp"
#include "window_memory.hpp"
#include "window_pool.hpp"

namespace weir {

shared_window::shared_window(const communicator& domain, std::size_t bytes) : shared_window(domain.view()) {
  const std::shared_ptr<window_pool> pool = window_pool::of(domain_);
  const std::size_t size = pool ? window_pool::size_class(bytes) : 0;
  std::unique_ptr<window_memory> kept = size > 0 ? pool->take(size) : nullptr;
  // Pools agree as long as all ranks release windows in one order; where they do not, none is used again.
  const auto [same_size, same_memory] =
      are_same_on_all(domain_, std::array{bytes, kept ? std::size_t{kept->serial()} : 0});
  if (kept && !(same_size && same_memory)) pool->put(std::move(kept));
  if (!same_size) refuse_difference(domain_, "the size");
  if (kept) {
    kept->renew(bytes);
  } else if (size > 0) {
    kept = std::make_unique<window_memory>(domain_, size, pool->next_serial());
  } else {
    kept = std::make_unique<window_memory>(domain_, bytes, 0);
  }
  memory_ = owner(kept.release(), give_back{size > 0 ? pool : nullptr});
  data_ = memory_->data();
  bytes_ = bytes;
}

void shared_window::give_back::operator()(window_memory* memory) const noexcept {
  std::unique_ptr<window_memory> last(memory);
  const std::shared_ptr<window_pool> kept_here = pool.lock();
  if (kept_here && last->may_release()) kept_here->put(std::move(last));
}

shared_window::~shared_window() = default;

void shared_window::swap(shared_window& other) noexcept {
  std::swap(domain_, other.domain_);
  std::swap(bytes_, other.bytes_);
  std::swap(data_, other.data_);
  std::swap(memory_, other.memory_);
}

void shared_window::sync() const {
  if (memory_) memory_->sync();
}

void shared_window::synchronize() const {
  sync();
  domain_.barrier();
  sync();
}

}  // namespace weir
