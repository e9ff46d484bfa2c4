#include "result_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& path, int fault) {
  constexpr std::array of_the_disk{ENOSPC, EDQUOT, EFBIG, EIO};
  if (std::ranges::find(of_the_disk, fault) != of_the_disk.end()) {
    throw error(exit_code::io_error, fmt::format("cannot write '{}': {}; make room, or name a file elsewhere",
                                                 path, std::strerror(fault)));
  }
  throw error(exit_code::cannot_create,
              fmt::format("cannot write '{}': {}; choose a folder that exists and that you may write to",
                          path, std::strerror(fault)));
}

/// Zero, or the error. Some file systems tell only at the end that they have no room.
int write_and_close(int descriptor, std::string_view bytes) {
  const int fault = write_all(descriptor, bytes);
  return ::close(descriptor) != 0 && fault == 0 ? errno : fault;
}

/// The descriptor of stdout or stderr, if that is where the file is open already: `/dev/stdout`, say.
std::optional<int> standard_stream(const struct stat& file) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat open {};
    const bool is_open = ::fstat(stream, &open) == 0;
    if (is_open && open.st_dev == file.st_dev && open.st_ino == file.st_ino) return stream;
  }
  return std::nullopt;
}

/// Behind what was printed there before. Others write to it too, so it keeps its file and its length.
void write_to_stream(const std::string& path, int stream, std::string_view bytes) {
  std::fflush(nullptr);
  if (const int fault = write_all(stream, bytes)) refuse(path, fault);
}

void write_in_place(const std::string& path, int flags, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags);
  if (file < 0) refuse(path, errno);
  if (const int fault = write_and_close(file, bytes)) refuse(path, fault);
}

/// Makes a file that takes the place of `before`, or of nothing.
void replace(const std::string& path, const struct stat* before, std::string_view bytes) {
  std::error_code no_link;
  const fs::path followed = fs::canonical(path, no_link);
  // A name that stands for an open file which has lost its own.
  if (no_link && before != nullptr) return write_in_place(path, O_TRUNC, bytes);
  const std::string target = no_link ? path : followed.string();
  std::string part = target + ".XXXXXX";
  const int made = ::mkostemp(part.data(), O_CLOEXEC);
  if (made < 0) {
    // A folder may take no new file and hold one that can be written to.
    const int fault = errno;
    if (before != nullptr && ::access(path.c_str(), W_OK) == 0) return write_in_place(path, O_TRUNC, bytes);
    refuse(path, fault);
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  static_cast<void>(::fchmod(made, before != nullptr ? before->st_mode & 07777 : 0666 & ~mask));
  int fault = write_and_close(made, bytes);
  if (fault == 0 && std::rename(part.c_str(), target.c_str()) != 0) fault = errno;
  if (fault == 0) return;
  ::unlink(part.c_str());
  refuse(path, fault);
}

}  // namespace

int write_all(int descriptor, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void check_folder_of(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return;
  if (const int fault = errno; ::access(path.c_str(), W_OK) != 0) refuse(path, fault);
}

void write_result_file(const std::string& path, std::string_view bytes, bool may_replace) {
  struct stat before {};
  const bool exists = ::stat(path.c_str(), &before) == 0;
  if (!exists) return replace(path, nullptr, bytes);
  if (const std::optional<int> stream = standard_stream(before)) return write_to_stream(path, *stream, bytes);
  if (!S_ISREG(before.st_mode)) return write_in_place(path, 0, bytes);
  if (!may_replace) {
    throw error(exit_code::cannot_create,
                fmt::format("'{}' exists; name another file, or say --overwrite to replace it", path));
  }
  replace(path, &before, bytes);
}

bool would_be_replaced(const std::string& path) {
  struct stat there {};
  struct stat link {};
  if (::stat(path.c_str(), &there) == 0) return S_ISREG(there.st_mode) && !standard_stream(there);
  return ::lstat(path.c_str(), &link) == 0;
}

}  // namespace weir::cli
