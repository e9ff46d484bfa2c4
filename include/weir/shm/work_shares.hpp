#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <weir/mpi/communicator.hpp>
#include <weir/partition.hpp>
#include <weir/shm/shared_window.hpp>

namespace weir {

/// Deals pieces of work, numbered from 0, to the ranks of a domain: each piece to one of them. A rank begins
/// with its part_of() the pieces, in their order. When it has done them it takes over from the rank that has
/// most left, from the end of what that one has. So ranks work on stretches of their own, and at the end none
/// waits for another longer than a piece takes. Move-only.
class work_shares {
 public:
  /// **Collective** over `domain`, as is the destructor. Throws what shared_window's constructor throws.
  explicit work_shares(const communicator& domain);
  explicit work_shares(communicator&& temporary) = delete;

  /// The number of a piece that nobody has taken; nothing when all `pieces`, fewer than 2^32, are taken.
  /// Until renew() all ranks give the same `pieces`. Not collective.
  std::optional<std::size_t> take(std::size_t pieces) noexcept;

  /// Makes all pieces to be had again. One rank calls it, while no other calls anything: something that all
  /// ranks wait for, such as shared_window::synchronize(), lies between it and any take() of the others.
  void renew() noexcept;

 private:
  /// How many pieces of a rank's share are gone, from its front and from its back; in one word, so that
  /// taking one is one exchange.
  struct alignas(64) share_state {
    std::atomic<std::uint64_t> gone{0};
  };

  share_state& state_of(std::size_t rank) noexcept;
  static std::size_t left(std::uint64_t gone, index_range share) noexcept;
  std::optional<std::size_t> take_first(index_range share) noexcept;
  std::optional<std::size_t> take_last(std::size_t rank, index_range share) noexcept;

  shared_window memory_;
  std::size_t ranks_;
  std::size_t rank_;
};

}  // namespace weir
