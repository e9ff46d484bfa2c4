#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace weir::pipeline {

/// Whether this rank was asked to stop: by USR1, TERM or INT, or because its time is up. The handlers stand
/// as long as the object lives, which may be as long as several runs take; a second INT ends the process at
/// once. One object at a time. Not movable.
class stop_request {
 public:
  using clock = std::chrono::steady_clock;

  /// `most`: how long the work may take from `begin` on; nothing: for ever. Not collective.
  explicit stop_request(std::optional<std::chrono::duration<double>> most = {},
                        clock::time_point begin = clock::now());
  ~stop_request();
  stop_request(const stop_request&) = delete;
  stop_request& operator=(const stop_request&) = delete;

  /// Not collective: signals may reach some ranks only, so ranks must agree on what they saw. `step` is how
  /// long the next look will take to come: a run stops before its time is up, not after.
  bool is_asked(clock::duration step) const;

 private:
  clock::time_point begin_;
  std::optional<std::chrono::duration<double>> most_;
  struct sigaction before_[3] = {};
};

}  // namespace weir::pipeline
