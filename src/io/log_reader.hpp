#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "descriptor.hpp"

namespace weir::io {

/// Reads a log of packed chunks that nobody writes any more. What fails throws weir::error io_error.
class log_reader {
 public:
  explicit log_reader(std::string path);

  std::uint64_t size() const;

  /// Fills `bytes` from the file's byte `place` on.
  void read(std::uint64_t place, std::span<std::byte> bytes) const;

  const std::string& path() const { return path_; }

 private:
  [[noreturn]] void fail(const char* why) const;

  std::string path_;
  descriptor file_;
};

/// Keeps some logs open: there may be more than a process may have, and neighbouring chunks lie in few.
class open_logs {
 public:
  /// Valid until the next call.
  const log_reader& open(const std::string& path);

 private:
  static constexpr std::size_t most_open = 64;
  std::map<std::string, log_reader> files_;
};

}  // namespace weir::io
