#include <mutex>

#include <weir/shm/event.hpp>

namespace weir {

void event::set() {
  const std::scoped_lock lock(state_->mutex);
  state_->is_set = true;
  state_->changed.notify_all();
}

void event::clear() {
  const std::scoped_lock lock(state_->mutex);
  state_->is_set = false;
}

bool event::is_set() {
  const std::scoped_lock lock(state_->mutex);
  return state_->is_set;
}

void event::wait() {
  const std::scoped_lock lock(state_->mutex);
  state_->changed.wait(state_->mutex, [this] { return state_->is_set; });
}

bool event::wait_for(std::chrono::steady_clock::duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const std::scoped_lock lock(state_->mutex);
  return state_->changed.wait_until(state_->mutex, deadline, [this] { return state_->is_set; });
}

}  // namespace weir
