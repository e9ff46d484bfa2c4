#include "window_memory.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <sys/mman.h>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/window_directory.hpp>
#include <weir/partition.hpp>
#include <weir/shm/memory_limits.hpp>
#include <weir/shm/shared_window.hpp>

#include "directory_lock.hpp"
#include "expect_same.hpp"
#include "populate.hpp"

namespace weir {
namespace {

/// MPI's base lies anywhere in a page, so one page more than the data; an empty window has an address too.
std::size_t with_slack(std::size_t bytes) {
  return round_up(std::max<std::size_t>(bytes, 1), shared_window::alignment) + shared_window::alignment;
}

std::size_t needed_memory(std::size_t bytes) {
  // Open MPI refuses a window unless 5 % more than it takes is free.
  constexpr std::size_t margin_divisor = 20;
  return with_slack(bytes) + with_slack(bytes) / margin_divisor;
}

error no_room(std::size_t needed, std::size_t available, const std::string& place) {
  return {exit_code::cannot_create,
          fmt::format(
              "a shared window needs {} bytes and {} bytes are available in {}; ask for less, by a smaller "
              "memory budget or a smaller array, or make more available",
              needed, available, place)};
}

/// There was memory when it was asked for: what refuses is a limit of this process, or of the kernel's
/// tables.
error not_mapped(std::size_t bytes, int why) {
  return {exit_code::cannot_create,
          fmt::format("a shared window of {} bytes cannot be mapped ({}); raise the limit of this process's "
                      "address space (ulimit -v), or share less at once",
                      bytes, std::strerror(why))};
}

/// How many domains of this size may be making windows on the node at one moment.
std::size_t domains_at_once(const communicator& domain) {
  constexpr std::size_t at_least = 2;
  return std::max(at_least, std::thread::hardware_concurrency() / static_cast<std::size_t>(domain.size()));
}

/// To ask for the room of one rank's small window takes a hundred times as long as to make it. A small part
/// of what one answer found is therefore given away without asking again. Windows of several ranks always
/// ask, because MPI would refuse them in a way that hangs.
class small_room {
 public:
  bool take(std::size_t needed) {
    if (needed > left_) return false;
    left_ -= needed;
    return true;
  }
  void found(std::size_t available) { left_ = std::min(available / part, most); }

 private:
  static constexpr std::size_t part = 64;
  static constexpr std::size_t most = std::size_t{64} << 20;

  std::size_t left_ = 0;
};

small_room room_of_one_rank;

/// A rank that MPI refuses inside the collective call leaves the others waiting there, so the domain's first
/// rank asks for the space beforehand and all hear of it. Where there is room for one domain's window but not
/// for those of all at once, it returns a lock to be kept until the space is taken, lest several be promised
/// the same bytes. Where there is plenty the domains place their pages side by side.
directory_lock reserve_room(const communicator& domain, std::size_t bytes) {
  return agree(domain, [&]() -> directory_lock {
    if (domain.rank() != 0) return {};
    if (bytes > PTRDIFF_MAX / 2) throw no_room(bytes, PTRDIFF_MAX / 2, "the address space");
    const std::size_t needed = needed_memory(bytes);
    const bool in_folder = domain.size() > 1;
    if (!in_folder && room_of_one_rank.take(needed)) return {};
    const std::filesystem::path folder = window_directory();
    const auto available = [&] {
      const std::size_t memory = available_memory();
      if (needed > memory) throw no_room(needed, memory, "memory");
      const std::size_t space = in_folder ? available_space(folder) : memory;
      if (needed > space) throw no_room(needed, space, folder.string());
      return std::min(memory, space);
    };
    const std::size_t found = available();
    if (!in_folder) room_of_one_rank.found(found - needed);
    if (needed <= found / domains_at_once(domain)) return {};
    directory_lock lock(folder);
    available();
    return lock;
  });
}

}  // namespace

window_memory::window_memory(const communicator& domain, std::size_t bytes, std::uint64_t serial)
    : window_memory(domain.view()) {
  // From here on the destructor runs if a step throws.
  serial_ = serial;
  const directory_lock lock = reserve_room(domain_, bytes);
  if (domain_.size() == 1) {
    agree(domain_, [&] { map(bytes); });
  } else {
    allocate(bytes);
    place();
  }
}

void window_memory::map(std::size_t bytes) {
  const std::size_t whole = round_up(std::max<std::size_t>(bytes, 1), shared_window::alignment);
  void* const made = ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED) throw not_mapped(whole, errno);
  data_ = static_cast<std::byte*>(made);
  mapped_bytes_ = whole;
  bytes_ = bytes;
  if (!populate({data_, whole})) throw no_room(needed_memory(bytes), available_memory(), "memory");
}

void window_memory::allocate(std::size_t bytes) {
  // One rank's segment is the whole window: segments of several ranks would each begin somewhere in a page.
  const bool holds_memory = domain_.rank() == 0;
  std::byte* own_base = nullptr;
  check(MPI_Win_allocate_shared(holds_memory ? static_cast<MPI_Aint>(with_slack(bytes)) : 0, 1, MPI_INFO_NULL,
                                domain_.native(), &own_base, &native_),
        "MPI_Win_allocate_shared");
  check(MPI_Win_set_errhandler(native_, MPI_ERRORS_RETURN), "MPI_Win_set_errhandler");

  int* model = nullptr;
  int has_model = 0;
  check(MPI_Win_get_attr(native_, MPI_WIN_MODEL, &model, &has_model), "MPI_Win_get_attr");
  if (has_model == 0 || *model != MPI_WIN_UNIFIED) {
    throw error(exit_code::internal, "this MPI library's shared windows lack the unified memory model");
  }
  // No rank ever asks for exclusive access, so the epoch that stores need lasts as long as the window.
  check(MPI_Win_lock_all(MPI_MODE_NOCHECK, native_), "MPI_Win_lock_all");
  is_open_ = true;

  MPI_Aint segment_bytes = 0;
  int displacement_unit = 0;
  std::byte* base = nullptr;
  check(MPI_Win_shared_query(native_, 0, &segment_bytes, &displacement_unit, &base), "MPI_Win_shared_query");
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(base) % shared_window::alignment;
  const std::size_t offset = misaligned == 0 ? 0 : shared_window::alignment - misaligned;
  if (!are_same_on_all(domain_, std::array{offset})[0]) refuse_difference(domain_, "the place in a page");
  data_ = base + offset;
  bytes_ = bytes;
}

std::span<std::byte> window_memory::own_share(std::size_t bytes) const {
  constexpr std::size_t page = shared_window::alignment;
  const index_range pages = part_of(ceil_div(bytes, page), static_cast<std::size_t>(domain_.size()),
                                    static_cast<std::size_t>(domain_.rank()));
  const index_range own = intersection({pages.begin * page, pages.end * page}, {0, bytes});
  return {data_ + own.begin, own.size()};
}

void window_memory::place() {
  // The space may have been promised to several windows, because files there are sparse.
  agree(domain_, [&] {
    if (populate(own_share(bytes_))) return;
    const std::filesystem::path folder = window_directory();
    throw no_room(needed_memory(bytes_), available_space(folder), folder.string());
  });
}

void window_memory::renew(std::size_t bytes) {
  guard_ = release_guard();
  std::ranges::fill(own_share(bytes), std::byte{0});
  sync();
  domain_.barrier();
  sync();
}

void window_memory::sync() const {
  if (native_ == MPI_WIN_NULL) return;  // one rank sees its own stores
  check(MPI_Win_sync(native_), "MPI_Win_sync");
}

window_memory::~window_memory() {
  if (mapped_bytes_ > 0) ::munmap(data_, mapped_bytes_);
  if (native_ == MPI_WIN_NULL) return;
  int mpi_is_over = 0;
  MPI_Finalized(&mpi_is_over);
  if (mpi_is_over != 0 || !may_release()) return;
  if (is_open_) check_in_destructor(MPI_Win_unlock_all(native_), "MPI_Win_unlock_all");
  check_in_destructor(MPI_Win_free(&native_), "MPI_Win_free");
}

}  // namespace weir
