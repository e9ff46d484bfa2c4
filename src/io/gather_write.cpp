#include "gather_write.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <weir/error.hpp>

#include "fault_point.hpp"

namespace weir::io {
namespace {

/// What one call writes at most, unless the file system wants more, as Lustre and NFS do (st_blksize). Recent
/// kernels cache what one call writes in one large page, and such pages can be slow to come by: in virtual
/// machines that give free memory back, calls of 1 MiB took five times as long. Linux itself copies from file
/// to file in pieces of this size (a pipe's, as cp uses it).
constexpr std::size_t least_call_bytes = std::size_t{64} << 10;

std::size_t call_bytes_for(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return least_call_bytes;
  return std::max(least_call_bytes, static_cast<std::size_t>(status.st_blksize));
}

}  // namespace

gather_write::gather_write(const std::string& path)
    : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CLOEXEC)) {
  if (!file_) fail("opening");
  call_bytes_ = call_bytes_for(file_.get());
}

void gather_write::fail(const char* doing) const {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT;
  throw error(exit_code::io_error, fmt::format("{} '{}' failed: {}{}", doing, path_, std::strerror(number),
                                               full ? "; make room and run again" : ""));
}

void gather_write::add(std::uint64_t place, const void* memory, std::size_t bytes) {
  if (bytes == 0) return;
  if (count_ > 0 && place == end_) {
    iovec& before = pieces_[count_ - 1];
    if (static_cast<const char*>(before.iov_base) + before.iov_len == memory) {
      before.iov_len += bytes;
      end_ += bytes;
      return;
    }
  }
  if (count_ == most_pieces || (count_ > 0 && place != end_)) flush();
  if (count_ == 0) begin_ = place;
  // The kernel's structure serves reading too, hence its pointer to what is not const.
  pieces_[count_++] = {const_cast<void*>(memory), bytes};
  end_ = place + bytes;
}

ssize_t gather_write::write_to_boundary(std::size_t first) {
  const std::size_t most = call_bytes_ - begin_ % call_bytes_;
  std::size_t end = first;
  std::size_t bytes = 0;
  while (end < count_ && bytes < most) bytes += pieces_[end++].iov_len;
  const std::size_t beyond = bytes - std::min(bytes, most);
  pieces_[end - 1].iov_len -= beyond;
  const ssize_t written = ::pwritev(file_.get(), pieces_.data() + first, static_cast<int>(end - first),
                                    static_cast<off_t>(begin_));
  pieces_[end - 1].iov_len += beyond;
  return written;
}

void gather_write::flush() {
  std::size_t first = 0;
  while (first < count_) {
    const ssize_t written = write_to_boundary(first);
    if (written < 0) {
      if (errno == EINTR) continue;
      count_ = 0;
      fail("writing");
    }
    fault_point("samples written");
    begin_ += static_cast<std::uint64_t>(written);
    // A short write (a signal, the 2 GiB that one call moves at most) leaves a part of some piece.
    auto left = static_cast<std::size_t>(written);
    while (first < count_ && left >= pieces_[first].iov_len) left -= pieces_[first++].iov_len;
    if (left > 0) {
      pieces_[first].iov_base = static_cast<char*>(pieces_[first].iov_base) + left;
      pieces_[first].iov_len -= left;
    }
  }
  count_ = 0;
}

void gather_write::sync() {
  flush();
  fault_point("samples flushed");
  while (::fdatasync(file_.get()) != 0) {
    if (errno != EINTR) fail("syncing");
  }
}

void gather_write::close() {
  flush();
  if (!file_.close()) fail("closing");
}

}  // namespace weir::io
