#include <chrono>
#include <memory>
#include <new>
#include <thread>

#include <weir/shm/work_shares.hpp>

namespace weir {
namespace {

constexpr int count_bits = 24;
constexpr int generation_bits = 16;
constexpr std::uint64_t one_of_front = std::uint64_t{1} << count_bits;
constexpr std::uint64_t one_of_back = 1;
constexpr std::uint64_t most_counted = one_of_front - 1;

constexpr int doing_bits = 2;
constexpr std::uint64_t most_doing = (std::uint64_t{1} << doing_bits) - 1;

std::uint64_t generation_of(std::uint64_t gone) {
  return gone >> (2 * count_bits);
}
std::size_t front_of(std::uint64_t gone) {
  return static_cast<std::size_t>(gone >> count_bits & most_counted);
}
std::size_t back_of(std::uint64_t gone) {
  return static_cast<std::size_t>(gone & most_counted);
}
std::size_t left(std::uint64_t gone, index_range share) {
  return share.size() - front_of(gone) - back_of(gone);
}

/// None gone.
std::uint64_t first_of(std::uint64_t generation) {
  return generation << (2 * count_bits);
}

/// As it is in the generation: one of before says nothing of this one.
std::uint64_t seen_in(std::uint64_t generation, std::uint64_t gone) {
  return generation_of(gone) == generation ? gone : first_of(generation);
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

std::uint64_t work_shares::gone_of(std::size_t rank) noexcept {
  return seen_in(generation_, state_of(rank).gone.load());
}

work_shares::doing work_shares::now_of(std::size_t rank) noexcept {
  const std::uint64_t now = state_of(rank).now;
  return now >> doing_bits == generation_ ? static_cast<doing>(now & most_doing) : doing::nothing;
}

void work_shares::begin(doing what) noexcept {
  state_of(rank_).now = generation_ << doing_bits | static_cast<std::uint64_t>(what);
}

std::optional<std::size_t> work_shares::take_first(index_range share) noexcept {
  std::atomic<std::uint64_t>& gone = state_of(rank_).gone;
  for (std::uint64_t found = gone.load();;) {
    const std::uint64_t seen = seen_in(generation_, found);
    if (left(seen, share) == 0) return std::nullopt;
    if (gone.compare_exchange_weak(found, seen + one_of_front)) return share.begin + front_of(seen);
  }
}

std::optional<std::size_t> work_shares::take_last(std::size_t rank, index_range share) noexcept {
  std::atomic<std::uint64_t>& gone = state_of(rank).gone;
  for (std::uint64_t found = gone.load();;) {
    const std::uint64_t seen = seen_in(generation_, found);
    if (left(seen, share) == 0) return std::nullopt;
    if (gone.compare_exchange_weak(found, seen + one_of_back)) return share.end - 1 - back_of(seen);
  }
}

std::optional<std::size_t> work_shares::take_any(std::size_t pieces) noexcept {
  if (const auto own = take_first(part_of(pieces, ranks_, rank_))) return own;
  for (;;) {
    std::size_t most = 0;
    std::size_t busiest = 0;
    for (std::size_t rank = 0; rank < ranks_; ++rank) {
      const std::size_t theirs = left(gone_of(rank), part_of(pieces, ranks_, rank));
      if (theirs > most) {
        most = theirs;
        busiest = rank;
      }
    }
    if (most == 0) return std::nullopt;
    if (const auto other = take_last(busiest, part_of(pieces, ranks_, busiest))) return other;
  }
}

std::optional<std::size_t> work_shares::take(std::size_t pieces) noexcept {
  // Said before the piece is gone: who finds that all are gone then finds all who work.
  begin(doing::work);
  const std::optional<std::size_t> taken = take_any(pieces);
  if (!taken) begin(doing::nothing);
  return taken;
}

void work_shares::give_up() noexcept {
  begin(doing::gave_up);
}

bool work_shares::await_others() noexcept {
  constexpr int looks_without_sleep = 1000;
  constexpr std::chrono::microseconds nap{50};
  bool all_done = true;
  for (std::size_t rank = 0; rank < ranks_; ++rank) {
    if (rank == rank_) continue;
    for (int looks = 0; now_of(rank) == doing::work; ++looks) {
      if (looks < looks_without_sleep) {
        std::this_thread::yield();
      } else {
        std::this_thread::sleep_for(nap);
      }
    }
    all_done = all_done && now_of(rank) != doing::gave_up;
  }
  return all_done;
}

void work_shares::renew() noexcept {
  generation_ = (generation_ + 1) % (std::uint64_t{1} << generation_bits);
  // A word that nobody touches must not be taken for one of this generation when the numbers come round.
  std::atomic<std::uint64_t>& own = state_of(rank_).gone;
  for (std::uint64_t found = own.load(); generation_of(found) != generation_;) {
    if (own.compare_exchange_weak(found, first_of(generation_))) break;
  }
}

}  // namespace weir
