#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include <weir/shm/shared_window.hpp>
#include <weir/topology.hpp>

#include "message_box.hpp"
#include "unit_queue.hpp"

namespace weir::jobs {

/// Says which unit a rank runs next. The ranks of a domain take units one at a time from queues in their
/// window. Domain 0 is home of the units that nobody has yet; the other domains ask it for more, by messages,
/// and get what lasts them for a short time, and at most half of their share of what is left (as in
/// "factoring": Hummel, Schonberg and Flynn, Communications of the ACM 35(8), 1992).
///
/// A request goes to all ranks of the home domain, because any of them may be in a long unit, and the first
/// that sees it answers; the answer goes to all ranks of the asking domain for the same reason. If all of
/// them are in long units, the domain that asked goes on with its second queue: it asks when the first of the
/// two is empty, and each is filled to last as long as the longest unit that was seen.
class dispatcher {
 public:
  /// What a rank does while it waits.
  using pastime = std::function<void()>;

  /// **Collective** over the world of `places`, which must outlive it.
  explicit dispatcher(const topology& places);

  /// **Collective.** A new round of `units` units, none of which has been taken.
  void begin(std::uint32_t units);

  /// The next unit of this rank; nothing if none is left for it. Waits for answers from the home domain,
  /// without keeping a core busy. Not collective.
  std::optional<std::uint32_t> next(const pastime& while_waiting);

  /// Notes that this rank has done a unit that took `seconds`. Not collective.
  void count_unit(double seconds) noexcept;

  /// Reads and answers the messages that have come; for long units. Not collective.
  void serve();

  /// **Collective.** Ends a phase: returns when no message is under way. Units that are left stay in their
  /// queues.
  void end_phase(const pastime& while_waiting);

  /// Units done: on this domain by now, on others by their last request. Not collective.
  std::uint64_t done() const noexcept;
  /// Units that this rank has done.
  std::uint64_t done_here() const noexcept { return done_here_; }

 private:
  using clock = std::chrono::steady_clock;

  struct queues;
  struct rank_count;
  struct units_done;

  queues& shared() const noexcept { return *queues_; }
  bool is_home() const noexcept { return places_->domain_index() == 0; }
  bool has_others() const noexcept { return places_->domains() > 1; }
  std::uint32_t ranks_here() const noexcept;
  std::uint32_t ranks_of_all() const noexcept;

  units_done done_by_domain() const noexcept;
  std::optional<std::uint32_t> take();
  void ask_if_low(bool is_idle);
  bool is_stocked() const noexcept;
  bool is_over() const noexcept;
  void answer(const message& request);
  void accept(const message& grant);
  void wait_for_barrier(const pastime& while_waiting);

  const topology* places_;
  std::vector<std::vector<int>> ranks_of_;  ///< the world's ranks, by domain
  shared_window window_;
  queues* queues_ = nullptr;                         ///< in the window
  std::span<rank_count> counts_;                     ///< in the window, by rank of the domain
  std::span<std::atomic<std::uint32_t>> served_;     ///< in the window: last request answered, by domain
  std::span<std::atomic<std::uint64_t>> told_done_;  ///< in the window: units done, by domain
  message_box box_;
  std::uint64_t done_here_ = 0;
  clock::time_point next_look_;
};

}  // namespace weir::jobs
