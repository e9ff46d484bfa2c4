#pragma once

#include <array>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plugin {

/// Which of the processes of a job this one is, as far as messages need it.
struct process_place {
  std::string name = {};                ///< as " (on rank 1, host a)"; empty where there is one process
  std::chrono::milliseconds turn = {};  ///< how long it leaves others to speak before it
};

/// Tells of foreign code that ends the process: SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT and exit() during a
/// foreign_call write one sentence to stderr that was prepared before. The process then ends by that signal,
/// or with the exit code `bad_data` after exit(), so that a launcher ends the others. Outside of foreign
/// calls signals do what they did. At most one lives in a process, and foreign calls are made by one thread.
class crash_report {
 public:
  /// Throws std::system_error if the handlers cannot be installed.
  explicit crash_report(process_place place);
  crash_report(const crash_report&) = delete;
  crash_report& operator=(const crash_report&) = delete;
  ~crash_report();

  const process_place& place() const { return place_; }

 private:
  process_place place_;
  std::vector<std::byte> stack_;  ///< for the handler, because a full stack is one of the reasons
  stack_t stack_before_ = {};
};

/// The time in which foreign code runs, once crash_report lives. What the code does to the floating-point
/// environment, such as its rounding mode or flushing to zero, is undone at the end.
class foreign_call {
 public:
  /// `what`: the beginning of the sentence, "the plugin 'x' crashed in channel 3"; what is beyond 700 bytes
  /// is cut.
  foreign_call(const crash_report& report, std::string_view what) noexcept;
  foreign_call(const foreign_call&) = delete;
  foreign_call& operator=(const foreign_call&) = delete;
  ~foreign_call();

 private:
  std::fenv_t environment_;
};

}  // namespace weir::plugin
