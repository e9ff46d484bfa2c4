#include "trend_pass.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include <weir/mpi/agree.hpp>
#include <weir/pipeline/work_span.hpp>
#include <weir/shm/shared_window.hpp>
#include <weir/steps/pairwise_sum.hpp>
#include <weir/steps/trend.hpp>

#include "round_status.hpp"
#include "shared_failure.hpp"
#include "window_reader.hpp"

namespace weir::pipeline {
namespace {

/// A node of a row's sum, as it travels.
struct row_node {
  std::uint64_t row = 0;
  steps::pairwise_sum::node node;
};

/// Adds a row's samples of a block, which begins with a cell, to its sum. `first`: the block's first sample
/// among the chosen ones.
template <sample S>
void add_cells(std::span<const S> samples, std::size_t first, double first_time, steps::pairwise_sum& sum) {
  for (std::size_t begin = 0; begin < samples.size(); begin += steps::samples_a_cell) {
    const auto cell = samples.subspan(begin, std::min(steps::samples_a_cell, samples.size() - begin));
    const std::size_t place = first + begin;
    sum.add_cell(place / steps::samples_a_cell,
                 steps::moments_of(cell, first_time + static_cast<double>(place)));
  }
}

/// This rank's part of the sums: in each block of its domain some of the rows, the same in blocks of the same
/// rows. Nothing if the ranks were asked to stop. **Collective** over the world.
template <sample S>
std::optional<std::vector<steps::pairwise_sum>> sum_rows(const topology& where, const filter_job& job,
                                                         const run_plan& plan, const stop_request& stop,
                                                         rank_counts& counts, phase_clock& clock) {
  const block_grid& blocks = *plan.first_pass;
  const share mine{static_cast<std::size_t>(where.domain().rank()),
                   static_cast<std::size_t>(where.domain().size())};
  const index_range selected = job.selected_samples();
  const double first_time = steps::first_time(selected.size());
  shared_window memory = agree(
      where.world(), [&] { return shared_window(where.domain(), plan.first_pass_window.bytes(sizeof(S))); });
  work_shares to_read = agree(where.world(), [&] { return work_shares(where.domain()); });
  auto* const data = reinterpret_cast<S*>(memory.data());
  shared_failure failure;
  std::optional<window_reader<S>> reader;
  failure.attempt([&] { reader.emplace(job, filter_reach{}); });
  failure.rethrow_on_all(where.world());

  std::vector<steps::pairwise_sum> sums(blocks.rows());
  const auto meet = [&] {
    clock.enter(phase::wait);
    memory.sync();
    const bool good = where.domain().all_of(!failure.failed());
    memory.sync();
    return good;
  };
  const auto process = [&](const block& one) {
    const window_view<S> window(data, plan.first_pass_window, in_recording(one, selected.begin));
    clock.enter(phase::read);
    failure.attempt([&] { counts.bytes_read += reader->read(window, to_read); });
    const bool is_read = meet();
    to_read.renew();
    if (!is_read) return;
    clock.enter(phase::filter);
    failure.attempt([&] {
      const block& here = window.where();
      const index_range rows = part_of(here.rows.size(), mine.of, mine.index);
      for (std::size_t row = rows.begin; row < rows.end; ++row) {
        const std::span<const S> samples(window.at(row, static_cast<std::ptrdiff_t>(here.samples.begin)),
                                         here.samples.size());
        add_cells(samples, here.samples.begin - selected.begin, first_time, sums[here.rows.begin + row]);
      }
    });
    // Nobody reads the next block over rows that others still sum.
    meet();
  };
  const index_range own = blocks.of_domain(static_cast<std::size_t>(where.domains()),
                                           static_cast<std::size_t>(where.domain_index()));
  const std::size_t rounds = where.world().all_reduce(own.size(), reduction::max);
  round_status status(where.world());
  bool stopped = false;
  for (std::size_t round = 0; round < rounds && !stopped; ++round) {
    const auto begin = stop_request::clock::now();
    if (round < own.size()) process(blocks[own.begin + round]);
    clock.enter(phase::wait);
    // What is put now is known a round later.
    const auto until_heard = 2 * (stop_request::clock::now() - begin);
    status.put({.failures = failure.failed(), .stops = stop.is_asked(until_heard)});
    if (status.previous().failures > 0) break;
    stopped = status.previous().stops > 0;
  }
  status.finish();
  failure.rethrow_on_all(where.world());
  if (stopped) return std::nullopt;
  return sums;
}

/// The ranks of the world in the order of their domains, and of their ranks there: that of blocks.
std::vector<int> ranks_in_block_order(const topology& where) {
  struct place {
    int domain;
    int rank;
  };
  const std::vector<place> places =
      where.world().all_gather(place{where.domain_index(), where.domain().rank()});
  std::vector<int> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](int rank) {
    const place& at = places[static_cast<std::size_t>(rank)];
    return std::pair(at.domain, at.rank);
  });
  return order;
}

/// Brings all ranks' sums together on rank 0, a rank at a time, so that what it holds stays small; gives each
/// row's trend, on all ranks. **Collective** over the world.
std::vector<steps::trend> fit_rows(const topology& where, std::span<const steps::pairwise_sum> sums,
                                   steps::trend_kind kind, std::size_t samples) {
  const communicator& world = where.world();
  std::vector<row_node> own;
  for (std::size_t row = 0; row < sums.size(); ++row) {
    for (const steps::pairwise_sum::node& node : sums[row].nodes()) own.push_back({row, node});
  }
  const std::vector<std::size_t> counts = world.all_gather(own.size());
  std::vector<steps::trend> trends(sums.size());
  const std::vector<int> order = ranks_in_block_order(where);
  if (world.rank() == 0) {
    std::vector<steps::pairwise_sum> whole(sums.size());
    std::vector<row_node> theirs;
    for (const int rank : order) {
      theirs.resize(counts[static_cast<std::size_t>(rank)]);
      if (rank == 0) {
        theirs = own;
      } else if (!theirs.empty()) {
        world.receive(std::span(theirs), rank);
      }
      for (const row_node& part : theirs) whole[part.row].add(part.node);
    }
    for (std::size_t row = 0; row < sums.size(); ++row) {
      trends[row] = steps::fit(kind, whole[row].total(), samples);
    }
  } else if (!own.empty()) {
    world.send(std::span<const row_node>(own), 0);
  }
  world.broadcast(std::span(trends), 0);
  return trends;
}

}  // namespace

std::optional<std::vector<steps::trend>> measure_trends(const topology& where, const filter_job& job,
                                                        const run_plan& plan, const stop_request& stop,
                                                        rank_counts& counts, phase_clock& clock) {
  const auto sums = visit_sample_type(
      job.input.type, [&]<sample S>(S) { return sum_rows<S>(where, job, plan, stop, counts, clock); });
  if (!sums) return std::nullopt;
  return fit_rows(where, *sums, job.prepare.detrend, job.selected_samples().size());
}

std::vector<steps::row_line> lines_of(const preparation& how, std::size_t rows,
                                      const std::vector<steps::trend>& trends) {
  std::vector<steps::row_line> lines(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    lines[row].gain = how.gains.empty() ? 1 : how.gains[row];
    if (trends.empty()) {
      lines[row].shift = how.shift;
    } else {
      // What is the same everywhere goes with the trend.
      lines[row].level = trends[row].level;
      lines[row].slope = trends[row].slope;
    }
  }
  return lines;
}

}  // namespace weir::pipeline
