#include "dispatcher.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <numeric>

#include <weir/partition.hpp>

#include "grant.hpp"
#include "patience.hpp"

namespace weir::jobs {
namespace {

/// What two ranks write often lies on different ones.
constexpr std::size_t cache_line = 64;

/// How often a rank that has units to do looks for messages. A look may give the core away to others, for as
/// long as the system lets them have it.
constexpr std::chrono::microseconds look_interval{100};

std::vector<std::vector<int>> ranks_by_domain(const topology& places) {
  std::vector<std::vector<int>> ranks(static_cast<std::size_t>(places.domains()));
  const std::vector<int> domains = places.world().all_gather(places.domain_index());
  for (std::size_t rank = 0; rank < domains.size(); ++rank) {
    ranks[static_cast<std::size_t>(domains[rank])].push_back(static_cast<int>(rank));
  }
  return ranks;
}

/// Makes `count` objects at `at` and moves it behind them; every rank gets the place, `makes` the objects.
template <class T>
std::span<T> lay_out(std::byte*& at, std::size_t count, bool makes) {
  T* const first = reinterpret_cast<T*>(at);
  at += round_up(count * sizeof(T), cache_line);
  if (makes) std::uninitialized_value_construct_n(first, count);
  return {first, count};
}

}  // namespace

struct alignas(cache_line) dispatcher::rank_count {
  std::atomic<std::uint64_t> units;
  std::atomic<double> seconds;
  std::atomic<double> longest;  ///< unit, in seconds
};

struct dispatcher::units_done {
  std::uint64_t units = 0;
  double seconds = 0;
  double longest = 0;
};

struct dispatcher::queues {
  /// Units of this domain, to be taken. The home domain's second one holds those that nobody has yet.
  alignas(cache_line) unit_queue first;
  alignas(cache_line) unit_queue second;
  /// One request of a domain is under way at most; `asking` is 1 then, `asked` its serial number.
  alignas(cache_line) std::atomic<std::uint32_t> asking;
  std::atomic<std::uint32_t> asked;
  std::atomic<std::uint32_t> granted;
  /// What the home domain had when it was last heard of.
  std::atomic<std::uint32_t> left_at_home;
};

dispatcher::dispatcher(const topology& places)
    : places_(&places),
      ranks_of_(ranks_by_domain(places)),
      window_(places.domain(), sizeof(queues) +
                                   sizeof(rank_count) * static_cast<std::size_t>(places.domain().size()) +
                                   2 * round_up(sizeof(std::uint64_t) * ranks_of_.size(), cache_line)),
      box_(places.world()) {
  std::byte* at = window_.data();
  const bool makes = places.is_domain_leader();
  queues_ = lay_out<queues>(at, 1, makes).data();
  counts_ = lay_out<rank_count>(at, static_cast<std::size_t>(places.domain().size()), makes);
  served_ = lay_out<std::atomic<std::uint32_t>>(at, ranks_of_.size(), makes);
  told_done_ = lay_out<std::atomic<std::uint64_t>>(at, ranks_of_.size(), makes);
  window_.synchronize();
}

std::uint32_t dispatcher::ranks_here() const noexcept {
  return static_cast<std::uint32_t>(places_->domain().size());
}
std::uint32_t dispatcher::ranks_of_all() const noexcept {
  return static_cast<std::uint32_t>(places_->world().size());
}

void dispatcher::begin(std::uint32_t units) {
  done_here_ = 0;
  if (places_->is_domain_leader()) {
    // One unit a rank to begin with; the rest is at home.
    const std::uint32_t dealt = std::min(units, ranks_of_all());
    std::uint32_t before = 0;
    for (int domain = 0; domain < places_->domain_index(); ++domain) {
      before += static_cast<std::uint32_t>(ranks_of_[static_cast<std::size_t>(domain)].size());
    }
    before = std::min(before, dealt);
    shared().first.fill({before, std::min(before + ranks_here(), dealt)});
    shared().second.fill(is_home() ? unit_range{dealt, units} : unit_range{});
    shared().left_at_home = units - dealt;
    for (rank_count& count : counts_) {
      count.units = 0;
      count.seconds = 0;
      count.longest = 0;
    }
    for (auto& count : told_done_) count = 0;
  }
  window_.synchronize();
}

std::optional<std::uint32_t> dispatcher::take() {
  for (unit_queue* queue : {&shared().first, &shared().second}) {
    if (const unit_range taken = queue->take(1); taken.size() != 0) return taken.begin;
  }
  return std::nullopt;
}

bool dispatcher::is_stocked() const noexcept {
  return shared().first.size() != 0 && shared().second.size() != 0;
}

bool dispatcher::is_over() const noexcept {
  return is_home() || (shared().left_at_home == 0 && shared().asking == 0 &&
                       shared().first.size() + shared().second.size() == 0);
}

std::optional<std::uint32_t> dispatcher::next(const pastime& while_waiting) {
  patience waiting;
  // Where units are short, looking for messages would cost more than they do.
  bool looks = clock::now() >= next_look_;
  for (;;) {
    if (has_others() && looks) serve();
    looks = true;
    const std::optional<std::uint32_t> unit = take();
    if (!is_home()) ask_if_low(!unit);
    if (unit) return unit;
    if (is_over()) return std::nullopt;
    while_waiting();
    waiting.wait();
  }
}

void dispatcher::count_unit(double seconds) noexcept {
  rank_count& mine = counts_[static_cast<std::size_t>(places_->domain().rank())];
  mine.units.store(++done_here_, std::memory_order_relaxed);
  mine.seconds.store(mine.seconds.load(std::memory_order_relaxed) + seconds, std::memory_order_relaxed);
  if (seconds > mine.longest.load(std::memory_order_relaxed)) {
    mine.longest.store(seconds, std::memory_order_relaxed);
  }
}

dispatcher::units_done dispatcher::done_by_domain() const noexcept {
  units_done all;
  for (const rank_count& count : counts_) {
    all.units += count.units.load(std::memory_order_relaxed);
    all.seconds += count.seconds.load(std::memory_order_relaxed);
    all.longest = std::max(all.longest, count.longest.load(std::memory_order_relaxed));
  }
  return all;
}

std::uint64_t dispatcher::done() const noexcept {
  std::uint64_t all = done_by_domain().units;
  for (const auto& count : told_done_) all += count.load(std::memory_order_relaxed);
  return all;
}

void dispatcher::ask_if_low(bool is_idle) {
  queues& here = shared();
  if (here.left_at_home == 0 || here.asking != 0) return;
  // Where little is left at home, what a busy domain puts aside would be missed by an idle one.
  if (!is_idle && here.left_at_home <= ranks_of_all()) return;
  if (is_stocked()) return;
  std::uint32_t nobody = 0;
  if (!here.asking.compare_exchange_strong(nobody, 1)) return;
  // Another rank's request may have been answered in between: what is granted needs an empty queue.
  if (here.left_at_home == 0 || is_stocked()) {
    here.asking = 0;
    return;
  }

  const units_done known = done_by_domain();
  const message request{
      .domain = static_cast<std::uint32_t>(places_->domain_index()),
      .serial = ++here.asked,
      .done = known.units,
      .unit_seconds = known.units == 0 ? 0 : known.seconds / static_cast<double>(known.units),
      .longest_seconds = known.longest};
  for (const int rank : ranks_of_.front()) box_.send(request, rank);
}

void dispatcher::serve() {
  while (const std::optional<message> come = box_.receive()) {
    if (come->what == message::kind::request) {
      answer(*come);
    } else {
      accept(*come);
    }
  }
  box_.all_received();
  next_look_ = clock::now() + look_interval;
}

void dispatcher::answer(const message& request) {
  std::uint32_t before = request.serial - 1;
  if (!served_[request.domain].compare_exchange_strong(before, request.serial)) return;
  told_done_[request.domain].store(request.done, std::memory_order_relaxed);

  const std::vector<int>& askers = ranks_of_[request.domain];
  const std::uint32_t count =
      units_to_grant({.left = shared().second.size(),
                      .ranks = static_cast<std::uint32_t>(askers.size()),
                      .ranks_of_all = ranks_of_all(),
                      .unit_seconds = request.unit_seconds,
                      .longest_seconds = std::max(request.longest_seconds, done_by_domain().longest)});
  const unit_range given = shared().second.take(count);

  message grant = request;
  grant.what = message::kind::grant;
  grant.begin = given.begin;
  grant.end = given.end;
  grant.left = shared().second.size();
  for (const int rank : askers) box_.send(grant, rank);
}

void dispatcher::accept(const message& grant) {
  queues& here = shared();
  std::uint32_t before = grant.serial - 1;
  if (!here.granted.compare_exchange_strong(before, grant.serial)) return;
  unit_queue& empty = here.first.size() == 0 ? here.first : here.second;
  empty.fill({grant.begin, grant.end});
  here.left_at_home = grant.left;
  here.asking = 0;
}

void dispatcher::wait_for_barrier(const pastime& while_waiting) {
  polite_barrier all(box_.ranks());
  patience waiting;
  while (!all.is_complete()) {
    if (has_others()) serve();
    while_waiting();
    waiting.wait();
  }
}

void dispatcher::end_phase(const pastime& while_waiting) {
  if (has_others()) {
    patience waiting;
    const auto serve_until = [&](auto&& holds) {
      while (!holds()) {
        serve();
        while_waiting();
        waiting.wait();
      }
    };
    // After the first barrier no request is under way, so no more answers begin; after the second one the
    // answers have been received by all ranks that they were sent to.
    serve_until([&] { return box_.all_received() && shared().asking == 0; });
    wait_for_barrier(while_waiting);
    serve_until([&] { return box_.all_received(); });
  }
  wait_for_barrier(while_waiting);
}

}  // namespace weir::jobs
