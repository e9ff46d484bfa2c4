#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/jobs/batch.hpp>
#include <weir/jobs/engine.hpp>
#include <weir/jobs/future.hpp>
#include <weir/jobs/outcome.hpp>
#include <weir/log.hpp>

#include "run_job.hpp"

namespace weir {
namespace {

std::string sentence_of(const std::vector<job_failure>& failures, std::size_t jobs) {
  const std::string first = failures.front().sentence();
  if (jobs == 1) return first;
  return fmt::format("{} of {} jobs failed; the first: {}", failures.size(), jobs, first);
}

}  // namespace

std::string job_failure::sentence() const {
  const std::string which = input.empty() ? std::string() : fmt::format(" (input {})", input);
  return fmt::format("{} {}{} failed: {}", name, job, which, reason);
}

jobs_failed::jobs_failed(std::vector<job_failure> failures, std::size_t jobs, int rank, int ranks)
    : agreed_error(failures.front().code, sentence_of(failures, jobs), rank, ranks),
      failures_(std::move(failures)) {}

namespace jobs {

std::size_t common_size(std::initializer_list<std::size_t> sizes) {
  for (const std::size_t size : sizes) {
    if (size == *sizes.begin()) continue;
    throw error(exit_code::usage,
                fmt::format("the inputs of jobs have {} and {} elements; give inputs of one length",
                            *sizes.begin(), size));
  }
  return *sizes.begin();
}

void throw_failures(const batch& jobs) {
  if (jobs.failures().empty()) return;
  std::vector<job_failure> all;
  for (const auto& [index, failure] : jobs.failures()) all.push_back(failure);
  throw jobs_failed(std::move(all), jobs.size(), jobs.rank, jobs.ranks);
}

void throw_failure(const batch& jobs, std::size_t index) {
  const auto failure = jobs.failures().find(index);
  if (failure != jobs.failures().end()) throw jobs_failed({failure->second}, 1, jobs.rank, jobs.ranks);
}

void warn_of_failures(const batch& jobs) {
  if (jobs.failures().empty() || jobs.rank != 0) return;
  warn(communicator::self(),
       fmt::format("{} of {} jobs failed and got another value for a result; the first: {}",
                   jobs.failures().size(), jobs.size(), jobs.failures().begin()->second.sentence()));
}

namespace {

engine& runner_of(const batch& jobs) {
  if (jobs.runner == nullptr) {
    throw error(exit_code::usage,
                "a job's pool ended before the job was run; ask for its result before that");
  }
  return *jobs.runner;
}

}  // namespace

void finish(const batch& jobs) {
  if (jobs.is_done()) return;
  if (is_inside_job()) {
    finish_inside(jobs);
  } else {
    runner_of(jobs).finish(jobs);
  }
}

bool advance(const batch& jobs) {
  if (jobs.is_done()) return true;
  if (is_inside_job()) {
    finish_inside(jobs);
    return jobs.is_done();
  }
  return runner_of(jobs).advance(jobs);
}

}  // namespace jobs
}  // namespace weir
