#include "gather_write.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>

#include <weir/error.hpp>

#include "fault_point.hpp"

namespace weir::io {

gather_write::gather_write(const std::string& path)
    : path_(path), file_(::open(path.c_str(), O_WRONLY | O_CLOEXEC)) {
  if (!file_) fail("opening");
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

void gather_write::flush() {
  std::size_t first = 0;
  while (first < count_) {
    const ssize_t written = ::pwritev(file_.get(), pieces_.data() + first, static_cast<int>(count_ - first),
                                      static_cast<off_t>(begin_));
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
