#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <unistd.h>

namespace weir::io {

/// Owns a POSIX file descriptor.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) noexcept : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  /// Closes it now. Returns false, and leaves `errno`, if the file system tells of a fault: some write only
  /// when a file is closed.
  bool close() noexcept { return ::close(std::exchange(number_, -1)) == 0; }

  int get() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace weir::io
