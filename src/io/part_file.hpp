#pragma once

#include <cstdint>
#include <string>

#include <weir/io/recording.hpp>

namespace weir::io {

/// The file OUT.part on its way to OUT: what the file system has to say about it.

/// Throws usage where OUT or OUT.part is one of the files that `source`, if there is one, has its samples in;
/// cannot_create where they exist and may not be replaced; creates an empty OUT.part and returns its path.
std::string create_part(const std::string& final_path, const recording* source, bool overwrite,
                        bool replace_part);

/// Throws cannot_create where the file system of `path` has less than `needed` bytes free for this user.
void require_room(const std::string& path, std::uint64_t needed);

/// Reserves the disk space of a range of the file, where the file system can; a write to it does not run out
/// of room then.
/// @throws weir::error cannot_create.
void reserve(const std::string& path, std::uint64_t first_byte, std::uint64_t bytes);

/// Renames OUT.part to OUT. If it is to be `durable`, syncs it before, and the folder afterwards. @throws
/// weir::error io_error; cannot_create where OUT exists and may not be replaced.
void rename_to_final(const std::string& part, const std::string& final_path, bool overwrite, bool durable);

/// Syncs a file. @throws weir::error io_error.
void sync_file(const std::string& path);

/// Syncs the folder that `path` lies in, after a file in it was created, renamed or removed.
/// @throws weir::error io_error.
void sync_folder_of(const std::string& path);

/// Removes a file, whatever comes of it.
void remove_quietly(const std::string& path) noexcept;

/// Removes the file it was given, unless it is told to keep it.
class remove_on_failure {
 public:
  explicit remove_on_failure(std::string path) : path_(std::move(path)) {}
  ~remove_on_failure() {
    if (!path_.empty()) remove_quietly(path_);
  }
  remove_on_failure(const remove_on_failure&) = delete;
  remove_on_failure& operator=(const remove_on_failure&) = delete;
  remove_on_failure(remove_on_failure&&) = delete;
  remove_on_failure& operator=(remove_on_failure&&) = delete;

  void keep() noexcept { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace weir::io
