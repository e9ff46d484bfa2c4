#pragma once

#include <mutex>
#include <utility>

#include <weir/mpi/communicator.hpp>
#include <weir/shm/process_mutex.hpp>
#include <weir/shm/shared_object.hpp>

namespace weir {

/// A mutex of all ranks of a domain, with std::mutex's interface: std::scoped_lock and std::unique_lock work.
/// What a rank stores in shared memory while it has the mutex, the next one that has it loads. A rank that
/// waits sleeps. Errors are those of process_mutex. Move-only.
class mutex {
 public:
  /// **Collective** over `domain`, as is the destructor.
  explicit mutex(const communicator& domain) : state_(domain, recursion::forbidden) {}
  explicit mutex(communicator&& temporary) = delete;

  void lock() { state_->lock(); }
  bool try_lock() { return state_->try_lock(); }
  void unlock() { state_->unlock(); }

 private:
  shared_object<process_mutex> state_;
};

/// The same with std::recursive_mutex's interface: a rank may lock it again, and unlocks it as often.
class recursive_mutex {
 public:
  /// **Collective** over `domain`, as is the destructor.
  explicit recursive_mutex(const communicator& domain) : state_(domain, recursion::allowed) {}
  explicit recursive_mutex(communicator&& temporary) = delete;

  void lock() { state_->lock(); }
  bool try_lock() { return state_->try_lock(); }
  void unlock() { state_->unlock(); }

 private:
  shared_object<process_mutex> state_;
};

/// A function that has `m` while it runs `f`: functions made with the same mutex exclude one another on all
/// ranks. `m` must outlive it.
template <class Mutex, class F>
auto with_mutex(Mutex& m, F f) {
  return [&m, f = std::move(f)](auto&&... args) mutable -> decltype(auto) {
    const std::scoped_lock lock(m);
    return f(std::forward<decltype(args)>(args)...);
  };
}

}  // namespace weir
