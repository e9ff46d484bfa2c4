#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <system_error>

#include <unistd.h>

#include <weir/error.hpp>
#include <weir/plugin/crash_report.hpp>

namespace weir::plugin {
namespace {

struct fatal_signal {
  int number;
  std::string_view what;
};

constexpr std::array<fatal_signal, 5> fatal_signals{
    fatal_signal{SIGSEGV, "by a segmentation fault (SIGSEGV)"},
    {SIGBUS, "by a bus error (SIGBUS)"},
    {SIGFPE, "by an arithmetic fault (SIGFPE)"},
    {SIGILL, "by an illegal instruction (SIGILL)"},
    {SIGABRT, "by abort() (SIGABRT)"},
};

constexpr std::string_view by_exit = "by a call of exit()";
constexpr std::string_view advice = "; the fault is in the plugin\n";
constexpr std::size_t most_prepared = 700;
constexpr std::size_t handler_stack_bytes = std::size_t{64} << 10;

/// All that a handler reads lies here, written before the call begins.
struct prepared_sentence {
  std::array<char, most_prepared + 200> text;
  std::size_t length = 0;
  std::timespec turn{};
  volatile std::sig_atomic_t is_foreign = 0;
  std::array<struct sigaction, fatal_signals.size()> before;
};

prepared_sentence prepared;

std::size_t append(std::size_t at, std::string_view words) noexcept {
  const std::size_t room = std::min(words.size(), prepared.text.size() - at);
  std::copy_n(words.data(), room, prepared.text.data() + at);
  return at + room;
}

/// Says the sentence, unless the launcher has begun to end this process meanwhile because another rank has
/// spoken. Calls only what a signal handler may call.
void say(std::string_view reason) noexcept {
  if ((prepared.turn.tv_sec > 0 || prepared.turn.tv_nsec > 0) && ::nanosleep(&prepared.turn, nullptr) != 0) {
    return;
  }
  const std::size_t end = append(append(prepared.length, reason), advice);
  std::size_t begin = 0;
  while (begin < end) {
    const ssize_t written = ::write(STDERR_FILENO, prepared.text.data() + begin, end - begin);
    if (written < 0 && errno != EINTR) return;
    if (written > 0) begin += static_cast<std::size_t>(written);
  }
}

void tell_and_die(int number) {
  for (std::size_t i = 0; i < fatal_signals.size(); ++i) {
    if (fatal_signals[i].number != number) continue;
    if (prepared.is_foreign == 0) {
      ::sigaction(number, &prepared.before[i], nullptr);
    } else {
      prepared.is_foreign = 0;
      say(fatal_signals[i].what);
      std::signal(number, SIG_DFL);
    }
  }
  std::raise(number);
}

void tell_of_exit() {
  if (prepared.is_foreign == 0) return;
  prepared.is_foreign = 0;
  say(by_exit);
  ::_exit(static_cast<int>(exit_code::bad_data));
}

void check(int outcome, const char* call) {
  if (outcome != 0) throw std::system_error(errno, std::generic_category(), call);
}

}  // namespace

crash_report::crash_report(process_place place) : place_(std::move(place)), stack_(handler_stack_bytes) {
  static const int registered = std::atexit(tell_of_exit);
  check(registered, "atexit");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(place_.turn);
  prepared.turn.tv_sec = seconds.count();
  prepared.turn.tv_nsec = std::chrono::nanoseconds(place_.turn - seconds).count();

  stack_t stack{};
  stack.ss_sp = stack_.data();
  stack.ss_size = stack_.size();
  check(::sigaltstack(&stack, &stack_before_), "sigaltstack");
  struct sigaction action {};
  action.sa_handler = tell_and_die;
  action.sa_flags = SA_ONSTACK | SA_NODEFER;
  for (std::size_t i = 0; i < fatal_signals.size(); ++i) {
    check(::sigaction(fatal_signals[i].number, &action, &prepared.before[i]), "sigaction");
  }
}

crash_report::~crash_report() {
  for (std::size_t i = 0; i < fatal_signals.size(); ++i) {
    ::sigaction(fatal_signals[i].number, &prepared.before[i], nullptr);
  }
  ::sigaltstack(&stack_before_, nullptr);
}

foreign_call::foreign_call(const crash_report& report, std::string_view what) noexcept {
  prepared.length = append(append(0, "weir: error: "), what.substr(0, most_prepared));
  prepared.length = append(append(prepared.length, report.place().name.substr(0, 100)), ", ");
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::fegetenv(&environment_);
  prepared.is_foreign = 1;
}

foreign_call::~foreign_call() {
  prepared.is_foreign = 0;
  std::fesetenv(&environment_);
}

}  // namespace weir::plugin
