#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <weir/error.hpp>
#include <weir/mpi/agree.hpp>

namespace weir {

/// How a job ended. `input_failed`: it was not run, because a job whose result it takes failed.
enum class job_end { returned, threw, timed_out, killed, exited, input_failed };

/// Where and how long a job ran, and what it said by job_context::log(). The same on all ranks.
struct job_record {
  int rank = -1;  ///< of the pool's ranks; -1 if the job was not run
  double seconds = 0;
  std::vector<std::string> log;
};

/// A job that has no result.
struct job_failure {
  std::string name;     ///< job_options::name
  std::size_t job = 0;  ///< its place in the input
  std::string input;    ///< its arguments as text, shortened; empty for types that cannot be written
  job_end how = job_end::threw;
  std::string reason;                    ///< what() of its exception, or how it ended, in words
  exit_code code = exit_code::internal;  ///< that of the weir::error that it threw

  /// One sentence: "fit 8 (input 8) failed: no convergence".
  std::string sentence() const;
};

/// What became of one job: its result or its failure.
template <class R>
class job_outcome {
 public:
  job_outcome(R value, job_record record) : value_(std::move(value)), record_(std::move(record)) {}
  job_outcome(job_failure failure, job_record record)
      : failure_(std::move(failure)), record_(std::move(record)) {}

  bool has_value() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  /// The result. Throws error with the failure's sentence and code if there is none.
  const R& value() const {
    if (!value_) throw error(failure_->code, failure_->sentence());
    return *value_;
  }
  R value_or(R other) const { return value_.value_or(std::move(other)); }

  /// Only for outcomes without a value.
  const job_failure& failure() const { return failure_.value(); }

  const job_record& record() const noexcept { return record_; }

 private:
  std::optional<R> value_;
  std::optional<job_failure> failure_;
  job_record record_;
};

/// Some of the jobs failed; thrown on all ranks after all of the jobs have ended.
class jobs_failed : public agreed_error {
 public:
  jobs_failed(std::vector<job_failure> failures, std::size_t jobs, int rank, int ranks);

  /// In the order of the input.
  std::span<const job_failure> failures() const noexcept { return failures_; }

 private:
  std::vector<job_failure> failures_;
};

}  // namespace weir
