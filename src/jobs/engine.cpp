#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <weir/jobs/engine.hpp>
#include <weir/jobs/progress.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>

#include "dispatcher.hpp"
#include "exchange.hpp"
#include "isolated.hpp"
#include "round.hpp"
#include "run_job.hpp"

namespace weir::jobs {
namespace {

using clock = std::chrono::steady_clock;

/// How often the count of done units is looked at for the progress.
constexpr auto count_interval = std::chrono::milliseconds(50);

/// Throws on all ranks unless `value` is the same on all.
void expect_same(const communicator& ranks, std::uint64_t value, const char* what) {
  std::array<std::uint64_t, 2> bounds{value, ~value};
  ranks.all_reduce(std::span(bounds), reduction::max);
  if (bounds[0] == ~bounds[1]) return;
  throw agreed_error(
      exit_code::usage,
      fmt::format("the ranks gave a pool different jobs ({} is between {} and {}); make the same calls "
                  "with the same inputs on all ranks",
                  what, ~bounds[1], bounds[0]),
      ranks.rank(), ranks.size());
}

/// Ends jobs whose ranks could not agree on a round, with that as the failure of each: their pool then goes
/// on with other jobs.
void give_up(const std::vector<std::shared_ptr<batch>>& batches) {
  const isolated_end end = describe_thrown(std::current_exception());
  for (const std::shared_ptr<batch>& of : batches) {
    for (std::size_t i = 0; i < of->size(); ++i) {
      of->drop_value(i);
      of->failures()[i] = {of->options().name, i, {}, end.how, end.reason, end.code};
    }
    of->release_inputs();
    of->set_done();
  }
}

/// A round that is being run, and this rank's part in it.
struct running_round {
  explicit running_round(std::vector<std::shared_ptr<batch>>& waiting) : all(waiting) {}

  round all;
  std::vector<std::uint32_t> own;
  std::optional<progress_scope> progress;
  clock::time_point counted = clock::now();
};

}  // namespace

struct engine::state {
  topology places;
  dispatcher dispatch;
  std::vector<std::shared_ptr<batch>> waiting;
  std::optional<running_round> current;
  std::uint64_t next_stream = 0;

  state(const communicator& world, domain_choice domains) : places(world, domains), dispatch(places) {}

  const communicator& ranks() const noexcept { return places.world(); }

  void start_round();
  void run_phase(std::uint32_t most_units);
  void run_unit(std::uint32_t unit);
  void show_progress();
  void complete_round();
};

void engine::state::start_round() {
  const std::vector<std::shared_ptr<batch>> given = waiting;
  try {
    std::size_t jobs = 0;
    for (const auto& next : given) jobs += next->size();
    expect_same(ranks(), jobs, "the number of jobs that wait");
    expect_same(ranks(), next_stream, "the number of calls");
    current.emplace(waiting);
  } catch (const mpi_error&) {
    throw;
  } catch (const error&) {  // on all ranks: that the jobs differ, or are too many
    waiting.clear();
    give_up(given);
    // From here on the ranks count alike again.
    next_stream = ranks().all_reduce(next_stream, reduction::max);
    throw;
  }
  const auto& batches = current->all.batches();
  const auto shown = std::ranges::find_if(batches, [](const auto& of) { return of->options().progress; });
  if (shown != batches.end()) {
    const job_options& how = (*shown)->options();
    current->progress.emplace(ranks(), how.name, current->all.units(), how.progress_style);
  }
  dispatch.begin(current->all.units());
}

void engine::state::run_unit(std::uint32_t unit) {
  const clock::time_point begin = clock::now();
  current->all.for_each_job(unit, [&](std::uint32_t number) {
    const auto [of, index] = current->all.at(number);
    run_job(*of, index, ranks().rank(), [this] { dispatch.serve(); });
    current->own.push_back(number);
  });
  dispatch.count_unit(std::chrono::duration<double>(clock::now() - begin).count());
}

void engine::state::show_progress() {
  if (!current->progress || clock::now() - current->counted < count_interval) return;
  current->counted = clock::now();
  current->progress->update(dispatch.done());
}

void engine::state::run_phase(std::uint32_t most_units) {
  const dispatcher::pastime show = [this] { show_progress(); };
  for (std::uint32_t units = 0; units < most_units; ++units) {
    const std::optional<std::uint32_t> unit = dispatch.next(show);
    if (!unit) break;
    run_unit(*unit);
    show_progress();
  }
  dispatch.end_phase(show);
}

void engine::state::complete_round() {
  if (current->progress) current->progress->update(current->all.units());
  try {
    exchange(ranks(), current->all, current->own);
  } catch (...) {
    give_up(current->all.batches());
    current.reset();
    throw;
  }
  for (const std::shared_ptr<batch>& of : current->all.batches()) {
    of->release_inputs();
    of->set_done();
  }
  current.reset();
}

engine::engine(const communicator& world, domain_choice domains)
    : state_(std::make_unique<state>(world, domains)) {}

engine::~engine() {
  std::size_t jobs = 0;
  const auto forget = [&](const std::vector<std::shared_ptr<batch>>& batches) {
    for (const auto& of : batches) {
      jobs += of->size();
      of->runner = nullptr;
    }
  };
  forget(state_->waiting);
  if (state_->current) forget(state_->current->all.batches());
  if (jobs == 0) return;
  try {
    warn(state_->ranks(),
         fmt::format("{} jobs of a pool that has ended were not run, because nobody asked for their results",
                     jobs));
  } catch (...) {  // a warning is not worth the program's end
  }
}

const topology& engine::places() const noexcept {
  return state_->places;
}

void engine::submit(std::shared_ptr<batch> jobs) {
  if (is_inside_job()) {
    submit_inside(std::move(jobs));
    return;
  }
  jobs->runner = this;
  jobs->stream = state_->next_stream++;
  jobs->rank = state_->ranks().rank();
  jobs->ranks = state_->ranks().size();
  state_->waiting.push_back(std::move(jobs));
}

void engine::finish(const batch& jobs) {
  while (!jobs.is_done()) {
    if (!state_->current) state_->start_round();
    state_->run_phase(state_->current->all.units());
    state_->complete_round();
  }
}

void engine::finish_all() {
  if (is_inside_job()) {
    finish_all_inside();
    return;
  }
  while (state_->current || !state_->waiting.empty()) {
    const std::shared_ptr<batch> last =
        state_->waiting.empty() ? state_->current->all.batches().back() : state_->waiting.back();
    finish(*last);
  }
}

bool engine::advance(const batch& jobs) {
  if (jobs.is_done()) return true;
  if (!state_->current) state_->start_round();
  state_->run_phase(1);
  const std::uint64_t done = state_->ranks().all_reduce(state_->dispatch.done_here(), reduction::sum);
  if (done == state_->current->all.units()) state_->complete_round();
  return jobs.is_done();
}

}  // namespace weir::jobs
