#include "line.hpp"

#include <cerrno>
#include <chrono>
#include <string_view>
#include <thread>

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

/// A launcher reads at once; one that is stopped must not hold up the end of a job.
constexpr auto longest_read = 500ms;
constexpr auto between_looks = 1ms;

bool is_pipe(int descriptor) noexcept {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

bool is_empty(int descriptor) noexcept {
  int waiting = 0;
  return ::ioctl(descriptor, FIONREAD, &waiting) != 0 || waiting == 0;
}

}  // namespace

void write_line(int descriptor, std::string text) noexcept {
  try {
    text += '\n';
  } catch (...) {  // the text is worth more than its line end
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void await_reader(int descriptor) noexcept {
  if (!is_pipe(descriptor)) return;
  for (auto waited = 0ms; waited < longest_read && !is_empty(descriptor); waited += between_looks) {
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace weir
