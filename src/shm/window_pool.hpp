#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <weir/mpi/communicator.hpp>

#include "window_memory.hpp"

namespace weir {

/// Memory of a domain's small windows that nobody uses at the moment, because making a window takes MPI
/// milliseconds, and many windows are made of the same size again and again.
///
/// Windows are made and released by all ranks in the same order, so all ranks' pools hold the same memories
/// in the same order at each of those calls, without a message. A rank puts memory here when it is done with
/// it, though others may still read it: nobody touches it before all ranks have met in the making of the next
/// window.
class window_pool {
 public:
  window_pool();

  /// The pool of these ranks, which lives as long as their communicator; null where that is MPI's own, and
  /// for a single rank, whose memory costs little.
  static std::shared_ptr<window_pool> of(const communicator& domain);

  /// What a window of `bytes` bytes takes here: the next power of two, or 0 if it is too large to be kept.
  static std::size_t size_class(std::size_t bytes) noexcept;

  /// The memory of `size` bytes that came last; null if there is none. Not collective.
  std::unique_ptr<window_memory> take(std::size_t size) noexcept;

  /// Keeps the memory, or, where enough is kept, releases it, which is collective.
  void put(std::unique_ptr<window_memory> memory) noexcept;

  /// The number of the next memory that is made for this domain.
  std::uint64_t next_serial() noexcept { return ++serial_; }

 private:
  std::vector<std::unique_ptr<window_memory>> kept_;
  std::size_t kept_bytes_ = 0;
  std::uint64_t serial_ = 0;
};

}  // namespace weir
