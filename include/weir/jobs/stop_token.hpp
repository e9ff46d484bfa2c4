#pragma once

#include <chrono>
#include <exception>
#include <optional>

namespace weir {

/// What a job's function looks at, now and then, to learn that its time is over. Reading the clock costs tens
/// of nanoseconds. Copyable; spelled as std::stop_token, so that generic code takes either.
class stop_token {
 public:
  using clock = std::chrono::steady_clock;

  /// A token that never asks to stop.
  stop_token() noexcept = default;
  explicit stop_token(std::optional<clock::time_point> deadline) noexcept : deadline_(deadline) {}

  bool stop_possible() const noexcept { return deadline_.has_value(); }
  bool stop_requested() const noexcept { return deadline_ && clock::now() >= *deadline_; }

 private:
  std::optional<clock::time_point> deadline_;
};

/// Thrown by job_context::stop_point() when the job's time is over.
struct job_stopped : std::exception {
  const char* what() const noexcept override { return "the job's time is over"; }
};

}  // namespace weir
