#pragma once

#include <chrono>
#include <thread>

namespace weir::jobs {

/// What a rank does between two looks at something that others have to do: first it yields, then it sleeps,
/// so that ranks that are more than cores do not take the cores from those that work.
class patience {
 public:
  void wait() {
    if (++looks_ < yields) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(nap);
    }
  }
  void reset() noexcept { looks_ = 0; }

 private:
  static constexpr int yields = 1000;
  static constexpr std::chrono::microseconds nap{50};

  int looks_ = 0;
};

}  // namespace weir::jobs
