#include "isolated.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <span>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weir::jobs {
namespace {

using clock = stop_token::clock;

/// The longest that a process is waited for without a look at the deadline or at messages.
constexpr auto nap = std::chrono::milliseconds(1);

class file_descriptor {
 public:
  explicit file_descriptor(int number) noexcept : number_(number) {}
  file_descriptor(file_descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file_descriptor& operator=(file_descriptor&&) = delete;
  ~file_descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const noexcept { return number_; }

 private:
  int number_;
};

error no_process(const char* call) {
  return {
      exit_code::internal,
      fmt::format("an isolated job could not be started, because {} failed ({}); run fewer ranks a node or "
                  "raise the limit of processes",
                  call, std::strerror(errno))};
}

/// What the process says: a frame is its kind, its length and its bytes.
enum class frame : std::uint8_t { line, value, thrown, timed_out };

/// Ends the process where the other end is gone: nobody waits for it then.
void write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) ::_exit(EXIT_FAILURE);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void write_frame(int descriptor, frame kind, std::span<const std::byte> bytes) {
  byte_writer head;
  head.write(kind);
  head.write(std::uint64_t{bytes.size()});
  write_all(descriptor, head.bytes());
  write_all(descriptor, bytes);
}

constexpr std::size_t head_bytes = sizeof(frame) + sizeof(std::uint64_t);

/// Makes the copy a process like any other: handlers and exits that the parent's libraries have prepared
/// would act on what belongs to the parent.
void become_a_plain_process(pid_t parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(EXIT_FAILURE);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTERM, SIGINT, SIGUSR1, SIGUSR2}) {
    std::signal(number, SIG_DFL);
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::set_terminate([] { std::abort(); });
  // Registered last, so it comes first: the parent's handlers and static objects must not end twice.
  ::on_exit(
      [](int status, void*) {
        std::fflush(nullptr);
        ::_exit(status);
      },
      nullptr);
}

[[noreturn]] void be_the_copy(const isolated_body& body, int descriptor, pid_t parent) noexcept {
  become_a_plain_process(parent);
  const auto send_text = [&](frame kind, exit_code code, const std::string& text) {
    byte_writer content;
    content.write(code);
    content.write(text);
    write_frame(descriptor, kind, content.bytes());
  };
  const auto say = [&](const std::string& line) {
    write_frame(descriptor, frame::line, std::as_bytes(std::span(line)));
  };
  try {
    byte_writer value;
    body(value, say);
    std::fflush(nullptr);
    write_frame(descriptor, frame::value, value.bytes());
  } catch (...) {
    std::fflush(nullptr);
    const isolated_end end = describe_thrown(std::current_exception());
    send_text(end.how == job_end::timed_out ? frame::timed_out : frame::thrown, end.code, end.reason);
  }
  ::_exit(EXIT_SUCCESS);
}

/// Owns a process that leads a group of its own: it has ended when this has.
class child_process {
 public:
  explicit child_process(pid_t id) noexcept : id_(id) {
    ::setpgid(id, id);  // here and in the child, so that neither is too late
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  /// Kills it, with the processes that it has started, unless it has ended.
  ~child_process() {
    if (has_ended_) return;
    ::kill(-id_, SIGKILL);
    wait();
  }

  /// The status of waitpid, if it has ended.
  std::optional<int> status() noexcept {
    if (!has_ended_) has_ended_ = ::waitpid(id_, &status_, WNOHANG) == id_;
    return has_ended_ ? std::optional(status_) : std::nullopt;
  }
  void wait() noexcept {
    while (!has_ended_) has_ended_ = ::waitpid(id_, &status_, 0) == id_ || errno != EINTR;
  }

 private:
  pid_t id_;
  int status_ = 0;
  bool has_ended_ = false;
};

/// Takes whole frames from the bytes that have come. Returns whether the last frame is among them.
bool take_frames(std::vector<std::byte>& come, isolated_end& end,
                 const std::function<void(std::string)>& hear) {
  std::size_t used = 0;
  bool is_last = false;
  while (!is_last && come.size() - used >= head_bytes) {
    byte_reader reader{std::span(come).subspan(used)};
    const auto kind = reader.read<frame>();
    const auto bytes = reader.read<std::uint64_t>();
    if (reader.left() < bytes) break;
    const std::span<const std::byte> content = reader.next(bytes);
    used += head_bytes + bytes;
    is_last = kind != frame::line;
    if (kind == frame::line) {
      hear({reinterpret_cast<const char*>(content.data()), content.size()});
    } else if (kind == frame::value) {
      end.value.assign(content.begin(), content.end());
    } else {
      byte_reader text(content);
      end.how = kind == frame::thrown ? job_end::threw : job_end::timed_out;
      end.code = text.read<exit_code>();
      end.reason = text.read<std::string>();
    }
  }
  come.erase(come.begin(), come.begin() + static_cast<std::ptrdiff_t>(used));
  return is_last;
}

isolated_end end_without_value(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    return {job_end::killed,
            fmt::format("its process was ended by signal {} ({})", number, ::strsignal(number)),
            {},
            {}};
  }
  return {job_end::exited,
          fmt::format("its process exited with code {} instead of returning", WEXITSTATUS(status)),
          {},
          {}};
}

isolated_end timed_out() {
  return {job_end::timed_out, "it took longer than its timeout and was killed", exit_code::internal, {}};
}

}  // namespace

isolated_end describe_thrown(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const job_stopped& e) {
    return {job_end::timed_out, e.what(), exit_code::internal, {}};
  } catch (const error& e) {
    return {job_end::threw, e.what(), e.code(), {}};
  } catch (const std::bad_alloc&) {
    return {job_end::threw, "there is not enough memory", exit_code::internal, {}};
  } catch (const std::exception& e) {
    return {job_end::threw, e.what(), exit_code::internal, {}};
  } catch (...) {
    return {job_end::threw, "an exception of an unknown type", exit_code::internal, {}};
  }
}

isolated_end run_isolated(const isolated_body& body, std::optional<clock::time_point> deadline,
                          const std::function<void(std::string)>& hear,
                          const std::function<void()>& while_waiting) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw no_process("pipe");
  const file_descriptor reading(ends[0]);
  const pid_t parent = ::getpid();
  // What is buffered would be written by both.
  std::fflush(nullptr);
  pid_t id = -1;
  {
    const file_descriptor writing(ends[1]);
    id = ::fork();
    if (id == 0) be_the_copy(body, writing.number(), parent);
  }
  if (id < 0) throw no_process("fork");
  child_process child(id);

  isolated_end end;
  std::vector<std::byte> come;
  std::vector<std::byte> buffer(std::size_t{64} << 10);
  bool is_complete = false;
  bool is_closed = false;
  bool has_ended = false;
  while (!is_complete && !is_closed) {
    if (deadline && clock::now() >= *deadline) return timed_out();
    pollfd readable{reading.number(), POLLIN, 0};
    const int events = ::poll(&readable, 1, has_ended ? 0 : static_cast<int>(nap.count()));
    while_waiting();
    if (events < 0) continue;
    if (events == 0) {
      // Another process may hold the pipe open after this one has ended; what it wrote is there by then.
      is_closed = has_ended;
      has_ended = child.status().has_value();
      continue;
    }
    const ssize_t count = ::read(reading.number(), buffer.data(), buffer.size());
    is_closed = count == 0;
    if (count > 0) come.insert(come.end(), buffer.begin(), buffer.begin() + count);
    is_complete = take_frames(come, end, hear);
  }
  if (is_complete) {
    child.wait();  // it exits at once
    return end;
  }
  while (!child.status()) {
    if (deadline && clock::now() >= *deadline) return timed_out();
    while_waiting();
    std::this_thread::sleep_for(nap);
  }
  return end_without_value(*child.status());
}

}  // namespace weir::jobs
