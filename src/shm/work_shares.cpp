#include <memory>
#include <new>

#include <weir/shm/work_shares.hpp>

namespace weir {
namespace {

constexpr int front_bits = 32;
constexpr std::uint64_t one_of_front = std::uint64_t{1} << front_bits;
constexpr std::uint64_t one_of_back = 1;

std::size_t front_of(std::uint64_t gone) {
  return static_cast<std::size_t>(gone >> front_bits);
}
std::size_t back_of(std::uint64_t gone) {
  return static_cast<std::size_t>(gone & (one_of_front - 1));
}

}  // namespace

work_shares::work_shares(const communicator& domain)
    : memory_(domain, static_cast<std::size_t>(domain.size()) * sizeof(share_state)),
      ranks_(static_cast<std::size_t>(domain.size())),
      rank_(static_cast<std::size_t>(domain.rank())) {
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "processes share it");
  static_assert(alignof(share_state) <= shared_window::alignment);
  std::construct_at(reinterpret_cast<share_state*>(memory_.data()) + rank_);
  memory_.synchronize();
}

work_shares::share_state& work_shares::state_of(std::size_t rank) noexcept {
  return std::launder(reinterpret_cast<share_state*>(memory_.data()))[rank];
}

std::size_t work_shares::left(std::uint64_t gone, index_range share) noexcept {
  return share.size() - front_of(gone) - back_of(gone);
}

std::optional<std::size_t> work_shares::take_first(index_range share) noexcept {
  std::atomic<std::uint64_t>& gone = state_of(rank_).gone;
  std::uint64_t seen = gone.load();
  while (left(seen, share) > 0) {
    if (gone.compare_exchange_weak(seen, seen + one_of_front)) return share.begin + front_of(seen);
  }
  return std::nullopt;
}

std::optional<std::size_t> work_shares::take_last(std::size_t rank, index_range share) noexcept {
  std::atomic<std::uint64_t>& gone = state_of(rank).gone;
  std::uint64_t seen = gone.load();
  while (left(seen, share) > 0) {
    if (gone.compare_exchange_weak(seen, seen + one_of_back)) return share.end - 1 - back_of(seen);
  }
  return std::nullopt;
}

std::optional<std::size_t> work_shares::take(std::size_t pieces) noexcept {
  if (const auto own = take_first(part_of(pieces, ranks_, rank_))) return own;
  for (;;) {
    std::size_t most = 0;
    std::size_t busiest = 0;
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      const std::size_t theirs = left(state_of(rank).gone.load(), part_of(pieces, ranks_, rank));
      if (theirs > most) {
        most = theirs;
        busiest = rank;
      }
    }
    if (most == 0) return std::nullopt;
    if (const auto other = take_last(busiest, part_of(pieces, ranks_, busiest))) return other;
  }
}

void work_shares::renew() noexcept {
  for (std::size_t rank = 0; rank < ranks_; ++rank) state_of(rank).gone.store(0);
}

}  // namespace weir
