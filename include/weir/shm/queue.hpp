#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

#include <weir/error.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/shm/process_mutex.hpp>
#include <weir/shm/shared_array.hpp>
#include <weir/shm/shared_object.hpp>

namespace weir {

/// A first-in-first-out queue of at most `capacity` values, for all ranks of a domain: any may push, any may
/// pop, and each value is popped once. Ranks that wait sleep. Move-only.
template <shareable T>
class queue {
 public:
  using duration = std::chrono::steady_clock::duration;

  /// **Collective** over `domain`, as is the destructor; the same `capacity`, at least 1, on all ranks.
  /// Throws agreed_error(usage) if it is 0.
  queue(const communicator& domain, std::size_t capacity)
      : state_(domain, expect_positive(domain, capacity)), cells_(domain, {capacity}) {}
  queue(communicator&& temporary, std::size_t capacity) = delete;

  std::size_t capacity() const noexcept { return cells_.size(); }
  /// How many values wait; others may change it at any time.
  std::size_t size() {
    const std::scoped_lock lock(state_->mutex);
    return state_->count;
  }

  /// Waits while the queue is full. Returns false, without having pushed, if it is closed.
  bool push(const T& value) {
    const std::scoped_lock lock(state_->mutex);
    state_->not_full.wait(state_->mutex, [this] { return can_push(); });
    return put(value);
  }
  /// The same, but returns false at once if the queue is full, or after `patience`.
  bool try_push(const T& value) {
    const std::scoped_lock lock(state_->mutex);
    return can_push() && put(value);
  }
  bool push_for(const T& value, duration patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const std::scoped_lock lock(state_->mutex);
    return state_->not_full.wait_until(state_->mutex, deadline, [this] { return can_push(); }) && put(value);
  }

  /// Waits while the queue is empty. Returns nothing if it is closed and empty.
  std::optional<T> pop() {
    const std::scoped_lock lock(state_->mutex);
    state_->not_empty.wait(state_->mutex, [this] { return can_pop(); });
    return take();
  }
  /// The same, but returns nothing at once if the queue is empty, or after `patience`.
  std::optional<T> try_pop() {
    const std::scoped_lock lock(state_->mutex);
    return take();
  }
  std::optional<T> pop_for(duration patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const std::scoped_lock lock(state_->mutex);
    state_->not_empty.wait_until(state_->mutex, deadline, [this] { return can_pop(); });
    return take();
  }

  /// No more values: pushes fail from now on, and pops do when the last value is gone. Any one rank calls it.
  void close() {
    const std::scoped_lock lock(state_->mutex);
    state_->is_closed = true;
    state_->not_full.notify_all();
    state_->not_empty.notify_all();
  }

 private:
  struct state {
    explicit state(std::size_t cells) : capacity(cells) {}
    process_mutex mutex;
    process_condition not_full;
    process_condition not_empty;
    std::size_t capacity;
    std::size_t first = 0;
    std::size_t count = 0;
    bool is_closed = false;
  };

  static std::size_t expect_positive(const communicator& domain, std::size_t capacity) {
    return agree(domain, [capacity] {
      if (capacity == 0)
        throw error(exit_code::usage, "a queue of capacity 0 can hold nothing; give it 1 or more");
      return capacity;
    });
  }

  // All with the mutex locked.
  bool can_push() const { return state_->count < state_->capacity || state_->is_closed; }
  bool can_pop() const { return state_->count > 0 || state_->is_closed; }

  bool put(const T& value) {
    if (state_->is_closed) return false;
    cells_.data()[(state_->first + state_->count) % state_->capacity] = value;
    ++state_->count;
    state_->not_empty.notify_one();
    return true;
  }

  std::optional<T> take() {
    if (state_->count == 0) return std::nullopt;
    const T value = cells_.data()[state_->first];
    state_->first = (state_->first + 1) % state_->capacity;
    --state_->count;
    state_->not_full.notify_one();
    return value;
  }

  shared_object<state> state_;
  shared_array<T> cells_;
};

}  // namespace weir
