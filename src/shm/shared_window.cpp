#include <algorithm>
#include <array>
#include <cstdint>
#include <thread>

#include <fmt/format.h>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/window_directory.hpp>
#include <weir/partition.hpp>
#include <weir/shm/memory_limits.hpp>
#include <weir/shm/shared_window.hpp>

#include "directory_lock.hpp"
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
          fmt::format("a shared window needs {} bytes and {} bytes are available in {}; use a smaller memory "
                      "budget a node, or make more available",
                      needed, available, place)};
}

/// How many domains of this size may be making windows on the node at one moment.
std::size_t domains_at_once(const communicator& domain) {
  constexpr std::size_t at_least = 2;
  return std::max(at_least, std::thread::hardware_concurrency() / static_cast<std::size_t>(domain.size()));
}

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
    const std::filesystem::path folder = window_directory();
    const auto available = [&] {
      const std::size_t memory = available_memory();
      if (needed > memory) throw no_room(needed, memory, "memory");
      const std::size_t space = in_folder ? available_space(folder) : memory;
      if (needed > space) throw no_room(needed, space, folder.string());
      return std::min(memory, space);
    };
    if (needed <= available() / domains_at_once(domain)) return {};
    directory_lock lock(folder);
    available();
    return lock;
  });
}

void expect_same(const communicator& domain, std::size_t value, const char* what) {
  std::array<std::size_t, 2> bounds{value, ~value};
  domain.all_reduce(std::span(bounds), reduction::max);
  if (bounds[0] != ~bounds[1]) {
    throw agreed_error(exit_code::internal, fmt::format("{} differs between the ranks of a window", what),
                       domain.rank(), domain.size());
  }
}

}  // namespace

shared_window::shared_window(const communicator& domain, std::size_t bytes) : shared_window(domain.view()) {
  // From here on the destructor runs if a step throws.
  expect_same(domain_, bytes, "the size");
  const directory_lock lock = reserve_room(domain_, bytes);
  allocate(bytes);
  place();
}

void shared_window::allocate(std::size_t bytes) {
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
  const std::size_t misaligned = reinterpret_cast<std::uintptr_t>(base) % alignment;
  const std::size_t offset = misaligned == 0 ? 0 : alignment - misaligned;
  expect_same(domain_, offset, "the place in a page");
  data_ = base + offset;
  bytes_ = bytes;
}

void shared_window::place() {
  if (domain_.size() == 1) {
    // Ordinary memory of this process, which may have been used before.
    std::ranges::fill(bytes(), std::byte{0});
    return;
  }
  const auto ranks = static_cast<std::size_t>(domain_.size());
  const auto rank = static_cast<std::size_t>(domain_.rank());
  const index_range pages = part_of(ceil_div(bytes_, alignment), ranks, rank);
  const index_range own = intersection({pages.begin * alignment, pages.end * alignment}, {0, bytes_});
  // The space may have been promised to several windows, because files there are sparse.
  agree(domain_, [&] {
    if (populate(bytes().subspan(own.begin, own.size()))) return;
    const std::filesystem::path folder = window_directory();
    throw no_room(needed_memory(bytes_), available_space(folder), folder.string());
  });
}

shared_window::~shared_window() {
  if (native_ == MPI_WIN_NULL) return;
  int mpi_is_over = 0;
  MPI_Finalized(&mpi_is_over);
  if (mpi_is_over != 0 || !guard_.may_release(domain_.size())) return;
  if (is_open_) check_in_destructor(MPI_Win_unlock_all(native_), "MPI_Win_unlock_all");
  check_in_destructor(MPI_Win_free(&native_), "MPI_Win_free");
}

void shared_window::swap(shared_window& other) noexcept {
  std::swap(domain_, other.domain_);
  std::swap(bytes_, other.bytes_);
  std::swap(native_, other.native_);
  std::swap(is_open_, other.is_open_);
  std::swap(data_, other.data_);
  std::swap(guard_, other.guard_);
}

void shared_window::sync() const {
  check(MPI_Win_sync(native_), "MPI_Win_sync");
}

void shared_window::synchronize() const {
  sync();
  domain_.barrier();
  sync();
}

}  // namespace weir
