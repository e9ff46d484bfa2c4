#include "log_reader.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weir/error.hpp>

namespace weir::io {

log_reader::log_reader(std::string path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (!file_) fail(std::strerror(errno));
}

std::uint64_t log_reader::size() const {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) fail(std::strerror(errno));
  return static_cast<std::uint64_t>(status.st_size);
}

void log_reader::read(std::uint64_t place, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(place));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail(count < 0 ? std::strerror(errno) : "it ends too early");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    place += static_cast<std::uint64_t>(count);
  }
}

void log_reader::fail(const char* why) const {
  throw error(exit_code::io_error, fmt::format("reading packed chunks from '{}' failed: {}", path_, why));
}

const log_reader& open_logs::open(const std::string& path) {
  const auto known = files_.find(path);
  if (known != files_.end()) return known->second;
  if (files_.size() == most_open) files_.clear();
  return files_.try_emplace(path, path).first->second;
}

}  // namespace weir::io
