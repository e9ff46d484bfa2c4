#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include <sys/uio.h>

#include "descriptor.hpp"

namespace weir::io {

/// Writes pieces of memory to places in a file, with few system calls where each place follows the one
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

  /// Writes in one call what is left from piece `first` on, up to a multiple of call_bytes_ in the file.
  /// Returns what the system call returns.
  ssize_t write_to_boundary(std::size_t first);

  // A call takes at most IOV_MAX = 1024 pieces on Linux.
  static constexpr std::size_t most_pieces = 1024;

  std::string path_;
  descriptor file_;
  std::size_t call_bytes_ = 0;
  std::array<iovec, most_pieces> pieces_{};
  std::size_t count_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace weir::io
