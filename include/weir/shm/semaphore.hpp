#pragma once

#include <chrono>
#include <cstddef>

#include <weir/mpi/communicator.hpp>
#include <weir/shm/process_mutex.hpp>
#include <weir/shm/shared_object.hpp>

namespace weir {

/// A counting semaphore of all ranks of a domain, with std::counting_semaphore's interface. Move-only.
class semaphore {
 public:
  /// **Collective** over `domain`, as is the destructor; `count` permits at first, the same on all ranks.
  semaphore(const communicator& domain, std::size_t count) : state_(domain, count) {}
  semaphore(communicator&& temporary, std::size_t count) = delete;

  /// Takes a permit; sleeps until there is one.
  void acquire();
  bool try_acquire();
  /// Waits for `patience` at most; returns whether it has a permit.
  bool try_acquire_for(std::chrono::steady_clock::duration patience);
  /// Gives `count` permits.
  void release(std::size_t count = 1);

 private:
  struct state {
    explicit state(std::size_t permits) : count(permits) {}
    process_mutex mutex;
    process_condition positive;
    std::size_t count;
  };

  shared_object<state> state_;
};

}  // namespace weir
