#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace weir::cli {

/// How a run tells that it goes on: a bar that redraws itself on a terminal, else a line now and then, which
/// keeps a batch job's log short. Rank 0 alone shows it, on stderr.
class progress {
 public:
  /// `choice` as the option spells it: `auto`, `off`, or the seconds between two lines. `bytes`: of the whole
  /// recording. Throws `error` (usage).
  progress(const std::string& choice, std::uint64_t bytes);
  /// Ends the bar's line.
  ~progress();
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;

  /// Tells that `done` of `all` blocks are written.
  void operator()(std::size_t done, std::size_t all);

 private:
  using clock = std::chrono::steady_clock;
  enum class style { off, bar, lines };

  std::string sentence(double part) const;

  style style_ = style::off;
  std::chrono::duration<double> interval_{30};
  std::uint64_t bytes_;
  clock::time_point begin_ = clock::now();
  clock::time_point shown_ = begin_;
  bool bar_drawn_ = false;
};

}  // namespace weir::cli
