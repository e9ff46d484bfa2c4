#pragma once

#include <filesystem>
#include <utility>

namespace weir {

/// Lets one process at a time do something in a folder: between asking for its free space and taking it.
/// Advisory, and released when its owner ends in whatever way. Move-only.
class directory_lock {
 public:
  directory_lock() noexcept = default;
  /// Waits for its turn, but not for ever: if others keep the lock for half a minute, or the folder cannot be
  /// locked, it goes on without.
  explicit directory_lock(const std::filesystem::path& folder);
  directory_lock(directory_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  directory_lock& operator=(directory_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  directory_lock(const directory_lock&) = delete;
  directory_lock& operator=(const directory_lock&) = delete;
  ~directory_lock();

 private:
  int descriptor_ = -1;
};

}  // namespace weir
