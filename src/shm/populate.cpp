#include "populate.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace weir {
namespace {

// Older C libraries do not name it; the number is the kernel's.
constexpr int madv_populate_write = 23;

/// The whole pages that `memory` lies in.
std::span<std::byte> whole_pages(std::span<std::byte> memory) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t before = reinterpret_cast<std::uintptr_t>(memory.data()) % page;
  const std::size_t bytes = (before + memory.size() + page - 1) / page * page;
  return {memory.data() - before, bytes};
}

/// Reads zeros into the memory: where a store would end in SIGBUS, a system call returns EFAULT.
bool populate_by_reading_zeros(std::span<std::byte> memory) {
  struct descriptor {
    int number = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
    ~descriptor() {
      if (number >= 0) ::close(number);
    }
  } const zeros;
  if (zeros.number < 0) throw std::system_error(errno, std::generic_category(), "opening /dev/zero");
  constexpr std::size_t step = std::size_t{64} << 20;
  while (!memory.empty()) {
    const ssize_t got = ::read(zeros.number, memory.data(), std::min(step, memory.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EFAULT) return false;
    if (got <= 0) throw std::system_error(errno, std::generic_category(), "reading /dev/zero");
    memory = memory.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace

bool populate(std::span<std::byte> memory, populate_method method) {
  if (memory.empty()) return true;
  if (method == populate_method::write) return populate_by_reading_zeros(memory);
  const std::span<std::byte> pages = whole_pages(memory);
  int result = 0;
  do {
    result = ::madvise(pages.data(), pages.size(), madv_populate_write);
  } while (result != 0 && (errno == EINTR || errno == EAGAIN));
  if (result == 0) return true;
  if (errno == EFAULT || errno == ENOMEM) return false;
  if (errno == EINVAL && method == populate_method::automatic) return populate_by_reading_zeros(memory);
  throw std::system_error(errno, std::generic_category(), "populating shared memory");
}

}  // namespace weir
