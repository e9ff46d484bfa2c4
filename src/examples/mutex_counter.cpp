// Every rank adds to one counter in shared memory, a mutex keeping them apart.
#include <mutex>

#include <weir/weir.hpp>

int main(int argc, char** argv) {
  return weir::run_main(argc, argv, [](weir::environment& env) {
    weir::mutex mutex(env.node());
    weir::shared_array<long> counter(env.node(), {1});

    for (int i = 0; i < 1'000; ++i) {
      const std::scoped_lock lock(mutex);
      ++counter.data()[0];
    }

    counter.synchronize();
    const bool all_counted = counter.data()[0] == 1'000L * env.node().size();
    return all_counted ? weir::exit_code::done : weir::exit_code::internal;
  });
}
