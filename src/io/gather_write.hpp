#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/uio.h>

#include "descriptor.hpp"

namespace weir::io {

/// Writes pieces of memory to places in a file, in one system call as long as each place follows the one
/// before.
class gather_write {
 public:
  /// Opens `path`, which exists, for writing. @throws weir::error io_error.
  explicit gather_write(const std::string& path);

  /// Takes `bytes` bytes at `memory` for the file's byte `place`. The memory must stay as it is until
  /// flush().
  void add(std::uint64_t place, const void* memory, std::size_t bytes);

  /// Writes what was taken. @throws weir::error io_error.
  void flush();

  /// fdatasync. @throws weir::error io_error.
  void sync();

  /// Ends writing. @throws weir::error io_error for faults that the file system tells no earlier.
  void close();

 private:
  [[noreturn]] void fail(const char* doing) const;

  // A call takes at most IOV_MAX = 1024 pieces on Linux.
  static constexpr std::size_t most_pieces = 1024;

  std::string path_;
  descriptor file_;
  std::array<iovec, most_pieces> pieces_{};
  std::size_t count_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace weir::io
