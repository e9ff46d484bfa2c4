#pragma once

#include <chrono>

#include <pthread.h>

namespace weir {

enum class recursion { forbidden, allowed };

/// A mutex for memory that several processes share; what mutex and the others in this room are made of. A
/// rank that waits sleeps in the kernel, so ranks may be more than cores. Neither copied nor moved.
///
/// Throws std::system_error for what std::mutex leaves undefined: locking what this thread has locked already
/// (unless recursion is allowed) and unlocking what it has not. Throws error(internal) in all processes that
/// lock it after its owner has ended without unlocking it. (Who
/// waits for a condition that a process was to notify which has ended is not woken: bound such a wait.)
class process_mutex {
 public:
  explicit process_mutex(recursion choice = recursion::forbidden);
  process_mutex(const process_mutex&) = delete;
  process_mutex& operator=(const process_mutex&) = delete;
  ~process_mutex();

  void lock();
  bool try_lock();
  void unlock();

 private:
  friend class process_condition;

  /// Called with the mutex locked, by a call that returned `code`: throws if an owner has died.
  void accept(int code);

  pthread_mutex_t native_{};
  bool owner_died_ = false;  // protected by the mutex
};

/// What is waited for under a process_mutex. The mutex is locked before and after a wait.
class process_condition {
 public:
  using clock = std::chrono::steady_clock;

  process_condition();
  process_condition(const process_condition&) = delete;
  process_condition& operator=(const process_condition&) = delete;
  ~process_condition();

  void notify_one();
  void notify_all();

  /// Waits until `holds()`, which is called with the mutex locked.
  template <class F>
  void wait(process_mutex& mutex, F&& holds) {
    while (!holds()) wait_once(mutex);
  }
  /// The same until `deadline` at most; returns whether it holds.
  template <class F>
  bool wait_until(process_mutex& mutex, clock::time_point deadline, F&& holds) {
    while (!holds()) {
      if (!wait_once_until(mutex, deadline)) return holds();
    }
    return true;
  }

 private:
  void wait_once(process_mutex& mutex);
  bool wait_once_until(process_mutex& mutex, clock::time_point deadline);

  pthread_cond_t native_{};
};

}  // namespace weir
