#include <cstdio>
#include <cstring>

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

}  // namespace

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [&](weir::environment& env) {
    testing::InitGoogleTest(&argc, argv);
    if (env.world().rank() != 0) {
      testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
      delete listeners.Release(listeners.default_result_printer());
      listeners.Append(new failures_of_a_rank(env.world().rank()));  // the listeners own it
    }
    const bool passed = RUN_ALL_TESTS() == 0;
    return env.world().all_of(passed) ? weir::exit_code::done : weir::exit_code::internal;
  });
}
