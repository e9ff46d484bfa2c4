#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <weir/mpi/communicator.hpp>

namespace weir {

/// A time as `2:03`, or `1:02:03` from an hour on.
std::string clock_time(std::chrono::duration<double> time);

/// A task with steps that tells on stderr how far it is, from rank 0 alone. Scopes nest: one that is made
/// while another lives is shown after it, on the same line:
///
///     weir: seeds 3/10 | fits 250/1000, 0:12, 0:36 left
///
/// On a terminal the line is redrawn, elsewhere a new one is printed every 30 s, so that the log of a batch
/// job stays short. Other ranks' scopes do nothing. Not collective. Scopes end in the reverse order of their
/// beginnings.
class progress_scope {
 public:
  using clock = std::chrono::steady_clock;

  /// How often a line is shown and whether it replaces the one before it.
  struct style {
    std::chrono::duration<double> interval;
    bool redraws;
  };
  /// For the terminal or the file that stderr is.
  static style automatic_style();

  progress_scope(const communicator& ranks, std::string name, std::size_t steps,
                 style shown = automatic_style())
      : progress_scope(ranks.rank() == 0, std::move(name), steps, shown) {}
  /// The same for a program that decides itself which of its processes speaks.
  progress_scope(bool speaks, std::string name, std::size_t steps, style shown = automatic_style());
  progress_scope(const progress_scope&) = delete;
  progress_scope& operator=(const progress_scope&) = delete;
  ~progress_scope();

  /// Tells that `done` steps are done, or one more. Cheap if it is not yet time to show it.
  void update(std::size_t done);
  void step() { update(done_ + 1); }

 private:
  std::string text(clock::time_point now) const;
  void show(clock::time_point now);

  std::string name_;
  std::size_t steps_;
  std::size_t done_ = 0;
  style style_;
  bool speaks_;
  clock::time_point begin_ = clock::now();
  progress_scope* outer_ = nullptr;
};

}  // namespace weir
