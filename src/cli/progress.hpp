#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <weir/jobs/progress.hpp>

namespace weir::cli {

/// How a run tells that it goes on: a bar that redraws itself on a terminal, else a line now and then, which
/// keeps a batch job's log short. Rank 0 alone shows it, on stderr.
class progress {
 public:
  /// `bytes`: of the whole recording. `part_before`: what of it is done when this run begins, 0 to 1.
  progress(progress_scope::style style, std::uint64_t bytes, double part_before);
  /// Ends the bar's line.
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Tells that `done` of `all` blocks are written.
  void operator()(std::size_t done, std::size_t all);

 private:
  using clock = progress_scope::clock;

  std::string sentence(double part) const;

  progress_scope::style style_;
  std::uint64_t bytes_;
  double part_before_;
  clock::time_point begin_ = clock::now();
  clock::time_point shown_ = begin_;
  bool bar_drawn_ = false;
};

}  // namespace weir::cli
