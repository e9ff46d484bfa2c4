#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <weir/mpi/communicator.hpp>

namespace weir {

class window_memory;
class window_pool;

/// Memory that all ranks of a domain see: an MPI-3 shared-memory window, as one piece. Move-only; it owns the
/// window, and the domain's communicator must outlive it.
///
/// Every rank may read and write all of it with plain loads and stores; between one rank's store and
/// another's load of the same bytes lies a synchronize(). A window of several ranks lives in /dev/shm (see
/// window_directory()), one of a single rank in memory that processes which it forks share with it.
///
/// To make a window takes MPI milliseconds. Small ones (up to 1 MiB) are therefore kept for the next window
/// of their size, up to 4 MiB for each communicator of several ranks that weir made, until it ends.
class shared_window {
 public:
  /// Where data() lies: on pages, so also on cache lines and on any vector's alignment.
  static constexpr std::size_t alignment = 4096;

  /// No window: no bytes, no domain.
  shared_window() noexcept = default;

  /// **Collective** over `domain`, whose ranks must share memory; `bytes` is the same on all, and may be 0.
  /// The memory is zero-filled and in place: every rank has touched its even share, in order of ranks, so
  /// pages are on the NUMA node of the rank that is likely to work there.
  ///
  /// Throws agreed_error(cannot_create) on all ranks, with needed and available bytes, if there is no room:
  /// nothing is made then, and no rank ends by a signal.
  shared_window(const communicator& domain, std::size_t bytes);
  shared_window(communicator&& temporary, std::size_t bytes) = delete;
  shared_window(shared_window&& other) noexcept { swap(other); }
  shared_window& operator=(shared_window&& other) noexcept {
    shared_window(std::move(other)).swap(*this);
    return *this;
  }
  shared_window(const shared_window&) = delete;
  shared_window& operator=(const shared_window&) = delete;
  /// **Collective** over the domain: all ranks release their windows in one order, as MPI frees them on all
  /// ranks together. While a rank alone unwinds from an exception it leaves the window behind instead, and
  /// run_main() ends the job (see release_guard).
  ~shared_window();

  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return bytes_; }
  std::span<std::byte> bytes() noexcept { return {data_, bytes_}; }
  std::span<const std::byte> bytes() const noexcept { return {data_, bytes_}; }

  const communicator& domain() const noexcept { return domain_; }

  /// Makes this rank's stores visible to others, and theirs to it, for an order that something else gives,
  /// such as an atomic value or a message. Not collective.
  void sync() const;

  /// **Collective** over the domain: what any rank stored before it, every rank loads after it.
  void synchronize() const;

 private:
  explicit shared_window(communicator domain) noexcept : domain_(std::move(domain)) {}
  void swap(shared_window& other) noexcept;

  /// Puts the memory where the next window finds it, or releases it.
  struct give_back {
    void operator()(window_memory* memory) const noexcept;
    std::weak_ptr<window_pool> pool;
  };
  using owner = std::unique_ptr<window_memory, give_back>;

  communicator domain_;
  std::size_t bytes_ = 0;
  std::byte* data_ = nullptr;
  owner memory_;
};

}  // namespace weir
