#pragma once

#include <chrono>

#include <weir/mpi/communicator.hpp>
#include <weir/shm/process_mutex.hpp>
#include <weir/shm/shared_object.hpp>

namespace weir {

/// A flag that ranks of a domain wait for. What a rank stores in shared memory before it sets the event,
/// those that it wakes load. Move-only.
class event {
 public:
  /// **Collective** over `domain`, as is the destructor. Not set at first.
  explicit event(const communicator& domain) : state_(domain) {}
  explicit event(communicator&& temporary) = delete;

  /// Sets it and wakes all that wait; it stays set until it is cleared.
  void set();
  void clear();
  bool is_set();

  /// Sleeps until it is set.
  void wait();
  /// For `patience` at most; returns whether it is set.
  bool wait_for(std::chrono::steady_clock::duration patience);

 private:
  struct state {
    process_mutex mutex;
    process_condition changed;
    bool is_set = false;
  };

  shared_object<state> state_;
};

}  // namespace weir
