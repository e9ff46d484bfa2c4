#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <weir/mpi/environment.hpp>

namespace {

/// What ranks other than 0 say: their failures alone.
class failures_of_a_rank : public testing::EmptyTestEventListener {
 public:
  explicit failures_of_a_rank(int rank) : rank_(rank) {}

  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (!result.failed()) return;
    std::fprintf(stderr, "[rank %d] %s:%d: %s\n", rank_, result.file_name() ? result.file_name() : "?",
                 result.line_number(), result.message());
  }

 private:
  int rank_;
};

/// Keeps ranks in step from test to test. A rank that left a test early by a failed assertion may have left
/// the others in a collective call that it never joins; then it ends the job, so that a failure is not a
/// time-out.
class step_keeper : public testing::EmptyTestEventListener {
 public:
  explicit step_keeper(const weir::communicator& world) : own_(world.duplicate()) {}

  void OnTestEnd(const testing::TestInfo& info) override {
    auto all_here = own_.start_all_reduce(std::vector<int>{1}, weir::reduction::sum);
    if (info.result()->Passed() || info.result()->Skipped()) {
      all_here.get();
      return;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!all_here.ready()) {
      if (std::chrono::steady_clock::now() > deadline) {
        std::fprintf(stderr, "[rank %d] the other ranks do not come to the end of %s.%s\n", own_.rank(),
                     info.test_suite_name(), info.name());
        MPI_Abort(MPI_COMM_WORLD, 1);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

 private:
  static constexpr std::chrono::seconds patience{20};

  weir::communicator own_;
};

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    testing::InitGoogleTest(&argc, argv);
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    if (env.world().rank() != 0) {
      delete listeners.Release(listeners.default_result_printer());
      listeners.Append(new failures_of_a_rank(env.world().rank()));  // the listeners own it
    }
    step_keeper keeper(env.world());
    listeners.Append(&keeper);
    const bool passed = RUN_ALL_TESTS() == 0;
    listeners.Release(&keeper);
    return env.world().all_of(passed) ? weir::exit_code::done : weir::exit_code::internal;
  });
}
