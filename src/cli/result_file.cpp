#include "result_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
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
  if (exists && !may_replace) {
    throw error(exit_code::cannot_create,
                fmt::format("'{}' exists; name another file, or say --overwrite to replace it", path));
  }
  if (exists && !S_ISREG(before.st_mode)) {  // a pipe or a device stays what it is
    const int direct = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (direct < 0) refuse(path, errno);
    if (const int fault = write_and_close(direct, bytes)) refuse(path, fault);
    return;
  }
  std::error_code no_link;
  const fs::path followed = fs::canonical(path, no_link);
  const std::string target = no_link ? path : followed.string();
  const std::string part = fmt::format("{}.{}.part", target, ::getpid());
  const int made = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (made < 0) refuse(path, errno);
  if (exists) static_cast<void>(::fchmod(made, before.st_mode & 07777));
  int fault = write_and_close(made, bytes);
  if (fault == 0 && std::rename(part.c_str(), target.c_str()) != 0) fault = errno;
  if (fault == 0) return;
  ::unlink(part.c_str());
  refuse(path, fault);
}

}  // namespace weir::cli
