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
///
///     while (const auto piece = shares.take(pieces)) work_on(*piece);
///     if (!shares.await_others()) return;   // only where what follows needs the others' pieces
class work_shares {
 public:
  /// **Collective** over `domain`, as is the destructor. Throws what shared_window's constructor throws.
  explicit work_shares(const communicator& domain);
  explicit work_shares(communicator&& temporary) = delete;

  /// The number of a piece that nobody has taken; nothing when all `pieces` are taken. Who takes one has done
  /// the one before. Until renew() all ranks give the same `pieces`, of which a rank's share is fewer than
  /// 2^24. Not collective.
  std::optional<std::size_t> take(std::size_t pieces) noexcept;

  /// For a rank that failed: it takes no more, and whoever awaits it learns that. Not collective.
  void give_up() noexcept;

  /// Waits until what the other ranks have taken is done, too; shared_window::sync() then shows what they
  /// stored. False if one of them gave up. Behind a take() that gave nothing. Not collective.
  bool await_others() noexcept;

  /// Makes all pieces to be had again. Every rank calls it, once, behind a place that all reach after their
  /// last take(), such as shared_window::synchronize(); nobody waits for another. Not collective.
  void renew() noexcept;

 private:
  enum class doing : std::uint64_t {
    nothing,
    work,  ///< the rank looks for a piece, or has taken one that is not done
    gave_up
  };

  struct alignas(64) share_state {
    /// The generation, and how many pieces of the rank's share are gone, from its front and from its back: in
    /// one word, so that taking one is one exchange, and the first one of a generation makes it so.
    std::atomic<std::uint64_t> gone{0};
    /// The generation, and what the rank is doing in it.
    std::atomic<std::uint64_t> now{0};
  };

  share_state& state_of(std::size_t rank) noexcept;
  std::uint64_t gone_of(std::size_t rank) noexcept;
  doing now_of(std::size_t rank) noexcept;
  void begin(doing what) noexcept;
  std::optional<std::size_t> take_any(std::size_t pieces) noexcept;
  std::optional<std::size_t> take_first(index_range share) noexcept;
  std::optional<std::size_t> take_last(std::size_t rank, index_range share) noexcept;

  shared_window memory_;
  std::size_t ranks_;
  std::size_t rank_;
  std::uint64_t generation_ = 0;
};

}  // namespace weir
