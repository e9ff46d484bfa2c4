#include "standard_streams.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

/// Of the first write to stdout that failed: later ones may fail for other reasons, or not at all.
int first_fault = 0;

}  // namespace

void hold_standard_streams() noexcept {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1) continue;
    // The lowest number that is free is this one. Opened the wrong way round, its use still is an error.
    static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
  }
}

void print_result(std::string_view text) noexcept {
  errno = 0;
  const bool is_printed =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!is_printed && first_fault == 0) first_fault = errno;
}

void print_message(std::string_view text) noexcept {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  static_cast<void>(std::fflush(stderr));
}

int end_results(int code) noexcept {
  errno = 0;
  if (std::fflush(stdout) != 0 && first_fault == 0) first_fault = errno;
  if (first_fault == 0 && std::ferror(stdout) == 0) return code;
  const char* cause = std::strerror(first_fault != 0 ? first_fault : EIO);
  try {
    print_message(fmt::format(
        "weir: error: standard output cannot be written: {}; make room, or send it elsewhere\n", cause));
  } catch (...) {  // without memory the exit code must do
  }
  return code == 0 ? static_cast<int>(exit_code::io_error) : code;
}

}  // namespace weir::cli
