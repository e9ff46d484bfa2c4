#include "run_job.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <weir/log.hpp>
#include <weir/mpi/error.hpp>
#include <weir/split/domain.hpp>

namespace weir::jobs {
namespace {

using clock = stop_token::clock;

/// The job that this process runs, and the jobs that it has submitted itself.
struct running_job {
  job_context& context;
  std::vector<std::shared_ptr<batch>> submitted;
};
running_job* running = nullptr;

/// Sets `running` as long as it lives. Splits are the job's own meanwhile: no other rank calls them.
class running_scope {
 public:
  explicit running_scope(job_context& context) : job_{context, {}}, outer_(std::exchange(running, &job_)) {}
  running_scope(const running_scope&) = delete;
  running_scope& operator=(const running_scope&) = delete;
  ~running_scope() { running = outer_; }

 private:
  running_job job_;
  running_job* outer_;
  alone_scope alone_;
};

std::optional<clock::time_point> deadline_of(const job_options& options, clock::time_point begin) {
  if (!options.timeout) return std::nullopt;
  return begin + std::chrono::duration_cast<clock::duration>(*options.timeout);
}

/// A line that a job says: kept for its record, and logged.
struct listener {
  batch& jobs;
  std::size_t index;

  void operator()(std::string line) const {
    log_info("{} {}: {}", jobs.options().name, index, line);
    jobs.logs()[index].push_back(std::move(line));
  }
};

isolated_end call_in_copy(batch& jobs, std::size_t index, std::optional<clock::time_point> deadline,
                          const std::function<void()>& while_waiting) {
  const auto body = [&](byte_writer& value, const std::function<void(std::string)>& say) {
    job_context context(index, jobs.options().seed, jobs.stream, stop_token(deadline), say);
    const running_scope scope(context);
    jobs.call(index, context);
    jobs.write_value(index, value);
  };
  isolated_end end = run_isolated(body, deadline, listener{jobs, index}, while_waiting);
  if (end.how == job_end::returned) {
    byte_reader value(end.value);
    jobs.read_value(index, value);
  }
  return end;
}

isolated_end call_here(batch& jobs, std::size_t index, std::optional<clock::time_point> deadline) {
  job_context context(index, jobs.options().seed, jobs.stream, stop_token(deadline), listener{jobs, index});
  const running_scope scope(context);
  jobs.call(index, context);
  return {};
}

const job_failure* failed_input(const batch& jobs, std::size_t index) {
  if (!jobs.takes_results()) return nullptr;
  const job_failure* found = nullptr;
  jobs.visit_inputs(index, [&](const batch& of, std::size_t input) {
    const auto failure = of.failures().find(input);
    if (failure != of.failures().end() && found == nullptr) found = &failure->second;
  });
  return found;
}

isolated_end run_and_describe(batch& jobs, std::size_t index, clock::time_point begin,
                              const std::function<void()>& while_waiting) {
  if (const job_failure* input = failed_input(jobs, index)) {
    return {job_end::input_failed, "it takes the result of " + input->sentence(), input->code, {}};
  }
  const std::optional<clock::time_point> deadline = deadline_of(jobs.options(), begin);
  try {
    isolated_end end = jobs.options().isolated ? call_in_copy(jobs, index, deadline, while_waiting)
                                               : call_here(jobs, index, deadline);
    if (!jobs.options().isolated && stop_token(deadline).stop_requested()) {
      return {job_end::timed_out, "it took longer than its timeout", exit_code::internal, {}};
    }
    return end;
  } catch (const mpi_error&) {
    throw;
  } catch (...) {
    return describe_thrown(std::current_exception());
  }
}

/// Empty where the input is computed when it is looked at, and that fails.
std::string text_of_input(const batch& jobs, std::size_t index) {
  try {
    return jobs.input_text(index);
  } catch (const mpi_error&) {
    throw;
  } catch (...) {
    return {};
  }
}

}  // namespace

void run_job(batch& jobs, std::size_t index, int rank, const std::function<void()>& while_waiting) {
  const clock::time_point begin = clock::now();
  isolated_end end = run_and_describe(jobs, index, begin, while_waiting);
  jobs.runs()[index] = {end.how == job_end::input_failed ? -1 : rank,
                        std::chrono::duration<float>(clock::now() - begin).count()};
  if (end.how != job_end::returned) record_failure(jobs, index, std::move(end));
}

void record_failure(batch& jobs, std::size_t index, isolated_end end) {
  jobs.drop_value(index);
  jobs.failures()[index] = {jobs.options().name,   index,   text_of_input(jobs, index), end.how,
                            std::move(end.reason), end.code};
}

bool is_inside_job() noexcept {
  return running != nullptr;
}

void submit_inside(std::shared_ptr<batch> jobs) {
  jobs->stream = running->context.next_inner_stream();
  running->submitted.push_back(std::move(jobs));
}

void finish_inside(const batch& jobs) {
  std::vector<std::shared_ptr<batch>>& submitted = running->submitted;
  const auto last =
      std::ranges::find_if(submitted, [&](const auto& candidate) { return candidate.get() == &jobs; });
  if (last == submitted.end()) return;
  const std::vector<std::shared_ptr<batch>> due(submitted.begin(), last + 1);
  submitted.erase(submitted.begin(), last + 1);
  log_debug("{} jobs of a job run one after another on its rank", jobs.size());
  for (const std::shared_ptr<batch>& next : due) {
    for (std::size_t i = 0; i < next->size(); ++i) run_job(*next, i, 0, [] {});
    next->release_inputs();
    next->set_done();
  }
}

void finish_all_inside() {
  if (!running->submitted.empty()) finish_inside(*running->submitted.back());
}

}  // namespace weir::jobs
