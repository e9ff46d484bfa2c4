#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/jobs/batch.hpp>
#include <weir/jobs/engine.hpp>
#include <weir/log.hpp>

namespace weir {

namespace jobs {

/// Throws jobs_failed if any job of a batch failed, or if the one did.
void throw_failures(const batch& jobs);
void throw_failure(const batch& jobs, std::size_t index);
/// Says on rank 0 that some jobs failed and that their results were replaced, if so.
void warn_of_failures(const batch& jobs);
/// Runs `jobs` if they have not run; see engine. Throws error(usage) if their pool has ended before. Inside a
/// job that did not submit them it does nothing.
void finish(const batch& jobs);
bool advance(const batch& jobs);

}  // namespace jobs

/// The result-to-be of one job. A rank works for its pool while it is inside a call of the pool or of a
/// future, and at no other time: nothing happens in the background. All of `ready`, `wait` and `get` are
/// **collective** over the pool, and every rank has the results afterwards. Cheap to copy; may outlive the
/// pool once it is done. Inside a job it can be an argument of the job, but not be waited for.
template <class R>
class job_future {
 public:
  using value_type = R;

  job_future(std::shared_ptr<jobs::result_batch<R>> batch, std::size_t index)
      : batch_(std::move(batch)), index_(index) {}

  /// **Collective.** Lets every rank do at most one more job (or chain of jobs), and tells whether this one
  /// is done. The same answer on all ranks.
  bool ready() const { return jobs::advance(*batch_); }
  /// **Collective.** Works on jobs until this one is done.
  void wait() const { jobs::finish(*batch_); }

  /// **Collective.** Waits; the result, as long as this future or another of its call lives. Throws
  /// jobs_failed if this job failed.
  const R& get() const& {
    wait();
    jobs::throw_failure(*batch_, index_);
    return batch_->value(index_);
  }
  /// The same of a temporary, with which the result may end: a copy.
  R get() && { return get(); }
  /// **Collective.** Waits; the result or the failure.
  job_outcome<R> outcome() const {
    wait();
    if (batch_->has_value(index_)) return {batch_->value(index_), batch_->record_of(index_)};
    return {batch_->failures().at(index_), batch_->record_of(index_)};
  }

  const jobs::result_batch<R>& batch() const noexcept { return *batch_; }
  std::size_t index() const noexcept { return index_; }

 private:
  std::shared_ptr<jobs::result_batch<R>> batch_;
  std::size_t index_;
};

/// The results-to-be of jobs that were submitted by one call, in the order of the input; see job_future.
template <class R>
class job_futures {
 public:
  /// What get() returns: nothing for jobs that return nothing.
  using results = std::conditional_t<std::is_same_v<R, jobs::nothing>, void, std::vector<R>>;

  explicit job_futures(std::shared_ptr<jobs::result_batch<R>> batch) : batch_(std::move(batch)) {}

  std::size_t size() const noexcept { return batch_->size(); }
  job_future<R> operator[](std::size_t i) const { return {batch_, i}; }

  /// **Collective.** As of job_future, for all of them.
  bool ready() const { return jobs::advance(*batch_); }
  void wait() const { jobs::finish(*batch_); }

  /// **Collective.** Waits; the results. Throws jobs_failed, after all have ended, if any failed.
  results get() const {
    wait();
    jobs::throw_failures(*batch_);
    if constexpr (!std::is_void_v<results>) return values_or(nullptr);
  }
  /// **Collective.** Waits; the results, with `other` in place of those of failed jobs, of which a warning
  /// tells.
  std::vector<R> get_or(const R& other) const {
    wait();
    jobs::warn_of_failures(*batch_);
    return values_or(&other);
  }
  /// **Collective.** Waits; every job's result or failure, and its record.
  std::vector<job_outcome<R>> outcomes() const {
    wait();
    std::vector<job_outcome<R>> all;
    all.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) all.push_back((*this)[i].outcome());
    return all;
  }

  const jobs::result_batch<R>& batch() const noexcept { return *batch_; }

 private:
  std::vector<R> values_or(const R* other) const {
    std::vector<R> all;
    all.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) {
      all.push_back(other != nullptr && !batch_->has_value(i) ? *other : batch_->value(i));
    }
    return all;
  }

  std::shared_ptr<jobs::result_batch<R>> batch_;
};

}  // namespace weir
