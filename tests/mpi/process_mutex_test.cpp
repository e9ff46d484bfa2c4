#include <chrono>
#include <mutex>
#include <new>
#include <string>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/shm/process_mutex.hpp>

using namespace weir;

namespace {

struct shared_state {
  explicit shared_state(recursion choice) : mutex(choice) {}
  process_mutex mutex;
  process_condition changed;
  int value = 0;
};

/// Memory that child processes have in common with this one.
class in_several_processes : public testing::Test {
 protected:
  void make(recursion choice) {
    void* const memory =
        ::mmap(nullptr, sizeof(shared_state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    state = new (memory) shared_state(choice);
  }
  void TearDown() override { ::munmap(state, sizeof(shared_state)); }

  /// Runs `f` in a child, which then ends without unwinding.
  template <class F>
  static pid_t in_child(F&& f) {
    const pid_t child = ::fork();
    if (child == 0) {
      f();
      ::_exit(0);
    }
    return child;
  }
  static void join(pid_t child) {
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }

  shared_state* state = nullptr;
};

TEST_F(in_several_processes, counts_are_not_lost) {
  make(recursion::forbidden);
  constexpr int rounds = 5000;
  const auto count = [&] {
    for (int i = 0; i < rounds; ++i) {
      const std::scoped_lock lock(state->mutex);
      const int before = *const_cast<volatile int*>(&state->value);
      std::this_thread::yield();
      state->value = before + 1;
    }
  };
  const pid_t a = in_child(count);
  const pid_t b = in_child(count);
  count();
  join(a);
  join(b);
  EXPECT_EQ(state->value, 3 * rounds);
}

TEST_F(in_several_processes, a_dead_owner_is_an_error_for_all_and_no_hang) {
  make(recursion::forbidden);
  join(in_child([&] { state->mutex.lock(); }));
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      state->mutex.lock();
      FAIL();
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::internal);
    }
    EXPECT_THROW(state->mutex.try_lock(), error);
  }
}

TEST_F(in_several_processes, an_owner_that_dies_wakes_those_that_wait) {
  make(recursion::forbidden);
  const pid_t child = in_child([&] {
    state->mutex.lock();
    state->value = 1;
    state->changed.notify_all();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  });
  const auto wait_for_two = [&] {
    const std::scoped_lock lock(state->mutex);
    state->changed.wait(state->mutex, [&] { return state->value == 2; });
  };
  EXPECT_THROW(wait_for_two(), error);
  EXPECT_THROW(wait_for_two(), error);
  join(child);
}

TEST_F(in_several_processes, waits_end_when_others_notify) {
  make(recursion::forbidden);
  const pid_t child = in_child([&] {
    const std::scoped_lock lock(state->mutex);
    state->value = 7;
    state->changed.notify_one();
  });
  {
    const std::scoped_lock lock(state->mutex);
    state->changed.wait(state->mutex, [&] { return state->value == 7; });
    const auto soon = process_condition::clock::now() + std::chrono::milliseconds(5);
    EXPECT_FALSE(state->changed.wait_until(state->mutex, soon, [&] { return state->value == 8; }));
    EXPECT_TRUE(state->changed.wait_until(state->mutex, soon, [&] { return state->value == 7; }));
  }
  join(child);
}

TEST_F(in_several_processes, misuse_is_an_error) {
  make(recursion::forbidden);
  EXPECT_THROW(state->mutex.unlock(), std::system_error);
  {
    const std::scoped_lock lock(state->mutex);
    EXPECT_THROW(state->mutex.lock(), std::system_error);
    EXPECT_FALSE(state->mutex.try_lock());
  }
  EXPECT_TRUE(state->mutex.try_lock()) << "the misuse must not have left it locked";
  state->mutex.unlock();
}

TEST_F(in_several_processes, recursion_counts) {
  make(recursion::allowed);
  state->mutex.lock();
  EXPECT_TRUE(state->mutex.try_lock());
  state->mutex.unlock();
  join(in_child([&] {
    if (state->mutex.try_lock()) ::_exit(1);  // still locked once
  }));
  state->mutex.unlock();
  join(in_child([&] {
    if (!state->mutex.try_lock()) ::_exit(1);
    state->mutex.unlock();
  }));
}

}  // namespace
