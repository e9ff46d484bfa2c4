#include "part_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/io/output.hpp>
#include <weir/io/source_files.hpp>

#include "descriptor.hpp"
#include "fault_point.hpp"

namespace weir::io {

namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw error(exit_code::cannot_create, sentence);
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

[[noreturn]] void refuse_part(const std::string& part) {
  refuse(
      fmt::format("'{}' exists: another run writes it, or one was killed; go on with it by --resume, or say "
                  "--overwrite to begin anew",
                  part));
}

/// For what the system last said.
[[noreturn]] void refuse_folder(const std::string& part) {
  refuse(fmt::format("cannot create '{}': {}; choose a folder that exists and that you may write to", part,
                     std::strerror(errno)));
}

/// Throws where what stands under the final name may not go, or where that name or the part's is a source's.
void require_place(const std::string& final_path, const file_set& sources, bool overwrite) {
  for (const std::string& path : {final_path, part_path(final_path)}) {
    if (!sources.has(path)) continue;
    throw error(
        exit_code::usage,
        fmt::format("'{}' is the input itself, or holds samples of it; give the output another name", path));
  }
  struct stat status {};
  if (::stat(final_path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    refuse(fmt::format("'{}' is no file that could be replaced; name a file as the output", final_path));
  }
  if (!overwrite && exists(final_path)) {
    refuse(fmt::format("'{}' exists; name another output, or say --overwrite to replace it", final_path));
  }
}

void sync_path(const std::string& path, int flags) {
  const descriptor opened(::open(path.c_str(), flags | O_CLOEXEC));
  // Some file systems cannot sync a folder; they say EINVAL and have nothing to sync.
  if (!opened || (::fsync(opened.get()) != 0 && errno != EINVAL)) {
    throw error(exit_code::io_error, fmt::format("syncing '{}' failed: {}", path, std::strerror(errno)));
  }
}

/// Renames without replacing, also where the file system cannot do that in one step.
int rename_if_absent(const char* from, const char* to) {
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return -1;
  if (exists(to)) {
    errno = EEXIST;
    return -1;
  }
  return std::rename(from, to);
}

}  // namespace

std::string part_path(const std::string& final_path) {
  return final_path + ".part";
}

void check_output(const std::string& final_path, const file_set& sources, bool overwrite, bool replace_part) {
  require_place(final_path, sources, overwrite);
  const std::string part = part_path(final_path);
  if (!replace_part && exists(part)) refuse_part(part);
  if (::access(folder_of(part).c_str(), W_OK | X_OK) != 0) refuse_folder(part);
}

std::string create_part(const std::string& final_path, const recording* source, bool overwrite,
                        bool replace_part) {
  const std::string part = part_path(final_path);
  const bool is_free = !exists(final_path) && !exists(part);
  require_place(final_path, source == nullptr || is_free ? file_set() : file_set(sample_files(*source)),
                overwrite);
  // A new inode: a run that still writes the old one goes on with that.
  if (replace_part) remove_quietly(part);
  const descriptor created(::open(part.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666));
  if (created) return part;
  if (errno == EEXIST) refuse_part(part);
  refuse_folder(part);
}

void require_room(const std::string& path, std::uint64_t needed) {
  struct statvfs room {};
  if (::statvfs(folder_of(path).c_str(), &room) != 0) return;
  const std::uint64_t free_bytes = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free_bytes < needed) {
    refuse(fmt::format(
        "'{}' needs {} bytes, but its file system has {} free: make room, or choose another folder", path,
        needed, free_bytes));
  }
}

void reserve(const std::string& path, std::uint64_t first_byte, std::uint64_t bytes) {
  const descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) refuse(fmt::format("cannot open '{}' to reserve its space: {}", path, std::strerror(errno)));
  while (::fallocate(file.get(), 0, static_cast<off_t>(first_byte), static_cast<off_t>(bytes)) != 0) {
    if (errno == EINTR) continue;
    if (errno == EOPNOTSUPP || errno == ENOSYS) return;
    refuse(fmt::format(
        "'{}' needs {} bytes more, which cannot be reserved: {}; make room, or choose another folder", path,
        bytes, std::strerror(errno)));
  }
}

void rename_to_final(const std::string& part, const std::string& final_path, bool overwrite, bool durable) {
  if (durable) sync_file(part);
  fault_point("part synced");
  const int result = overwrite ? std::rename(part.c_str(), final_path.c_str())
                               : rename_if_absent(part.c_str(), final_path.c_str());
  if (result != 0) {
    const int number = errno;
    throw error(number == EEXIST ? exit_code::cannot_create : exit_code::io_error,
                fmt::format("'{}' is complete but cannot be renamed to '{}': {}; rename it by hand", part,
                            final_path, std::strerror(number)));
  }
  fault_point("part renamed");
  if (durable) sync_folder_of(final_path);
}

void sync_file(const std::string& path) {
  sync_path(path, O_RDWR);
}

void sync_folder_of(const std::string& path) {
  sync_path(folder_of(path), O_RDONLY | O_DIRECTORY);
}

void remove_quietly(const std::string& path) noexcept {
  ::unlink(path.c_str());
}

}  // namespace weir::io
