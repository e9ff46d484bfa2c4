#include <cerrno>
#include <ctime>
#include <system_error>

#include <weir/error.hpp>
#include <weir/shm/process_mutex.hpp>

namespace weir {
namespace {

void expect_success(int code, const char* call) {
  if (code != 0) throw std::system_error(code, std::generic_category(), call);
}

timespec as_timespec(process_condition::clock::time_point time) {
  const auto since_start = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_start);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since_start - seconds);
  return {static_cast<std::time_t>(seconds.count()), static_cast<long>(rest.count())};
}

}  // namespace

process_mutex::process_mutex(recursion choice) {
  pthread_mutexattr_t attributes;
  expect_success(pthread_mutexattr_init(&attributes), "pthread_mutexattr_init");
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutexattr_settype(
      &attributes, choice == recursion::allowed ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_ERRORCHECK);
  const int code = pthread_mutex_init(&native_, &attributes);
  pthread_mutexattr_destroy(&attributes);
  expect_success(code, "pthread_mutex_init");
}

process_mutex::~process_mutex() {
  pthread_mutex_destroy(&native_);
}

void process_mutex::lock() {
  const int code = pthread_mutex_lock(&native_);
  if (code != EOWNERDEAD) expect_success(code, "pthread_mutex_lock");
  try {
    accept(code);
  } catch (...) {
    pthread_mutex_unlock(&native_);
    throw;
  }
}

bool process_mutex::try_lock() {
  const int code = pthread_mutex_trylock(&native_);
  if (code == EBUSY || code == EDEADLK) return false;
  if (code != EOWNERDEAD) expect_success(code, "pthread_mutex_trylock");
  try {
    accept(code);
  } catch (...) {
    pthread_mutex_unlock(&native_);
    throw;
  }
  return true;
}

void process_mutex::unlock() {
  expect_success(pthread_mutex_unlock(&native_), "pthread_mutex_unlock");
}

void process_mutex::accept(int code) {
  if (code == EOWNERDEAD) {
    // Not left as the unrecoverable mutex of POSIX: glibc's trylock on such a one keeps it locked (seen
    // with 2.36).
    pthread_mutex_consistent(&native_);
    owner_died_ = true;
  }
  if (owner_died_) {
    throw error(exit_code::internal,
                "a process ended while it had locked a mutex, so what the mutex protects may be half done");
  }
}

process_condition::process_condition() {
  pthread_condattr_t attributes;
  expect_success(pthread_condattr_init(&attributes), "pthread_condattr_init");
  pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);  // steady_clock's
  const int code = pthread_cond_init(&native_, &attributes);
  pthread_condattr_destroy(&attributes);
  expect_success(code, "pthread_cond_init");
}

process_condition::~process_condition() {
  pthread_cond_destroy(&native_);
}

void process_condition::notify_one() {
  pthread_cond_signal(&native_);
}
void process_condition::notify_all() {
  pthread_cond_broadcast(&native_);
}

// A wait that throws leaves the mutex locked, as its caller's lock guard expects.

void process_condition::wait_once(process_mutex& mutex) {
  const int code = pthread_cond_wait(&native_, &mutex.native_);
  if (code != EOWNERDEAD) expect_success(code, "pthread_cond_wait");
  mutex.accept(code);
}

bool process_condition::wait_once_until(process_mutex& mutex, clock::time_point deadline) {
  const timespec until = as_timespec(deadline);
  const int code = pthread_cond_timedwait(&native_, &mutex.native_, &until);
  if (code != EOWNERDEAD && code != ETIMEDOUT) expect_success(code, "pthread_cond_timedwait");
  mutex.accept(code);
  return code != ETIMEDOUT;
}

}  // namespace weir
