#pragma once

#include <atomic>
#include <concepts>

#include <weir/mpi/communicator.hpp>
#include <weir/shm/shared_object.hpp>

namespace weir {

/// What all processes can change in one step, wherever they see it.
template <class T>
concept lock_free = std::atomic<T>::is_always_lock_free;

/// One value that all ranks of a domain see and change in one step each, as a std::atomic. Move-only.
/// Operations are sequentially consistent: what a rank stored in shared memory before its operation, a rank
/// that sees the operation's effect loads.
template <lock_free T>
class atomic_value {
 public:
  /// **Collective** over `domain`, as is the destructor; `value` is that of the domain's first rank.
  explicit atomic_value(const communicator& domain, T value = T{}) : state_(domain, value) {}
  explicit atomic_value(communicator&& temporary, T value = T{}) = delete;

  T load() const noexcept { return state_->load(); }
  void store(T value) noexcept { state_->store(value); }
  /// Returns the value before.
  T exchange(T value) noexcept { return state_->exchange(value); }
  /// Stores `desired` if the value is `expected`, else loads it there; returns whether it stored.
  bool compare_exchange(T& expected, T desired) noexcept {
    return state_->compare_exchange_strong(expected, desired);
  }
  /// Adds; returns the value before. With an integer: the counter that deals out numbers, each to one rank.
  T fetch_add(T value) noexcept requires std::integral<T> || std::floating_point<T> {
    return state_->fetch_add(value);
  }
  T fetch_sub(T value) noexcept requires std::integral<T> || std::floating_point<T> {
    return state_->fetch_sub(value);
  }

 private:
  shared_object<std::atomic<T>> state_;
};

}  // namespace weir
