#pragma once

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace weir::fuzz {

/// A file that is gone with its owner. It has a folder, because HDF5 wants a real path.
class scratch_file {
 public:
  /// Throws std::system_error.
  explicit scratch_file(std::string_view content = {})
      : path_((std::filesystem::temp_directory_path() / "weir-fuzz-XXXXXX").string()) {
    const int descriptor = ::mkstemp(path_.data());
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), path_);
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    ::close(descriptor);
    if (written == static_cast<ssize_t>(content.size())) return;
    ::unlink(path_.c_str());
    throw std::system_error(errno, std::generic_category(), path_);
  }
  ~scratch_file() { ::unlink(path_.c_str()); }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace weir::fuzz
