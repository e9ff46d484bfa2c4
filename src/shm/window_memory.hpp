#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <mpi.h>

#include <weir/mpi/communicator.hpp>
#include <weir/mpi/release_guard.hpp>

namespace weir {

/// The memory behind a shared_window: an MPI-3 window, or, where a domain is one rank, plain memory that the
/// processes which that rank forks share too. Stays where it is.
class window_memory {
 public:
  /// **Collective** over `domain`, like the destructor. `bytes` is the same on all ranks. The memory is
  /// zero-filled, and every rank has touched its even share. Throws agreed_error(cannot_create) if there is
  /// no room. `serial` tells the domain's memories apart.
  window_memory(const communicator& domain, std::size_t bytes, std::uint64_t serial);
  window_memory(const window_memory&) = delete;
  window_memory& operator=(const window_memory&) = delete;
  ~window_memory();

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return bytes_; }
  std::uint64_t serial() const noexcept { return serial_; }

  /// Makes this rank's stores visible to others, and theirs to it. Not collective.
  void sync() const;

  /// **Collective.** Makes the first `bytes` bytes of memory that was used before zeros again.
  void renew(std::size_t bytes);

  /// Whether no rank unwinds alone, so that all are about to release or keep the memory. Not collective.
  bool may_release() const noexcept { return guard_.may_release(domain_.size()); }

 private:
  explicit window_memory(communicator domain) noexcept : domain_(std::move(domain)) {}
  void map(std::size_t bytes);
  void allocate(std::size_t bytes);
  void place();
  std::span<std::byte> own_share(std::size_t bytes) const;

  communicator domain_;
  std::size_t bytes_ = 0;
  std::uint64_t serial_ = 0;
  MPI_Win native_ = MPI_WIN_NULL;
  bool is_open_ = false;
  std::byte* data_ = nullptr;
  std::size_t mapped_bytes_ = 0;
  release_guard guard_;
};

}  // namespace weir
