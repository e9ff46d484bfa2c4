#include <mutex>

#include <weir/shm/semaphore.hpp>

namespace weir {

void semaphore::acquire() {
  const std::scoped_lock lock(state_->mutex);
  state_->positive.wait(state_->mutex, [this] { return state_->count > 0; });
  --state_->count;
}

bool semaphore::try_acquire() {
  const std::scoped_lock lock(state_->mutex);
  if (state_->count == 0) return false;
  --state_->count;
  return true;
}

bool semaphore::try_acquire_for(std::chrono::steady_clock::duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const std::scoped_lock lock(state_->mutex);
  if (!state_->positive.wait_until(state_->mutex, deadline, [this] { return state_->count > 0; }))
    return false;
  --state_->count;
  return true;
}

void semaphore::release(std::size_t count) {
  const std::scoped_lock lock(state_->mutex);
  state_->count += count;
  if (count == 1) {
    state_->positive.notify_one();
  } else {
    state_->positive.notify_all();
  }
}

}  // namespace weir
