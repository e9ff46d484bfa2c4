#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/output.hpp>

#include "descriptor.hpp"
#include "gather_write.hpp"
#include "logged_header.hpp"
#include "part_file.hpp"

namespace weir::io {

namespace {

std::string log_prefix(const std::string& final_path) {
  return part_path(final_path) + ".chunks.";
}

const std::string& create_empty(const std::string& path) {
  const descriptor made(::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666));
  if (!made) {
    throw error(exit_code::io_error, fmt::format("cannot create '{}', in which packed chunks wait: {}", path,
                                                 std::strerror(errno)));
  }
  return path;
}

}  // namespace

std::string log_path(const std::string& final_path, const log_file& log) {
  return fmt::format("{}{}.{}", log_prefix(final_path), log.run, log.writer);
}

void remove_logs(const std::string& final_path) noexcept {
  try {
    namespace fs = std::filesystem;
    const fs::path prefix(log_prefix(final_path));
    const fs::path folder = prefix.has_parent_path() ? prefix.parent_path() : fs::path(".");
    std::error_code fault;
    for (fs::directory_iterator entry(folder, fault), end; !fault && entry != end; entry.increment(fault)) {
      if (entry->path().filename().string().starts_with(prefix.filename().string())) {
        remove_quietly(entry->path().string());
      }
    }
  } catch (...) {
    // Out of memory for a name: the logs stay, and nothing reads them.
  }
}

class chunk_log::state {
 public:
  explicit state(const std::string& path) : out_(create_empty(path)) { sync_folder_of(path); }

  void append(const piece_header& piece, std::span<const std::byte> bytes) {
    const logged_header header{.piece = piece};
    out_.add(bytes_, &header, sizeof header);
    out_.add(bytes_ + sizeof header, bytes.data(), bytes.size());
    out_.flush();
    bytes_ += sizeof header + bytes.size();
  }

  void sync() { out_.sync(); }
  void close() { out_.close(); }
  std::uint64_t bytes() const { return bytes_; }

 private:
  gather_write out_;
  std::uint64_t bytes_ = 0;
};

chunk_log::chunk_log(const std::string& final_path, const log_file& log)
    : state_(std::make_unique<state>(log_path(final_path, log))) {}
chunk_log::~chunk_log() = default;
chunk_log::chunk_log(chunk_log&&) noexcept = default;
chunk_log& chunk_log::operator=(chunk_log&&) noexcept = default;

void chunk_log::append(const piece_header& piece, std::span<const std::byte> bytes) {
  state_->append(piece, bytes);
}
void chunk_log::sync() {
  state_->sync();
}
void chunk_log::close() {
  state_->close();
}
std::uint64_t chunk_log::bytes() const {
  return state_->bytes();
}

}  // namespace weir::io
