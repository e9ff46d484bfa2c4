#pragma once

#include <cstddef>
#include <vector>

#include <weir/mpi/agree.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/work_span.hpp>
#include <weir/shm/shared_window.hpp>
#include <weir/topology.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// A domain's windows, which its blocks take in turn: the next block is read into one, and filtered there,
/// while the one before is written out of the other. Where in them a block and its results lie.
template <sample S>
class block_windows {
 public:
  /// **Collective** over the world, like the destructor over the domain. Keeps `plan`. `length`: samples of
  /// the recording; `selected`: those that come out. Throws `agreed_error` on all ranks if there is no room
  /// on some node.
  block_windows(const topology& where, const run_plan& plan, std::size_t length, index_range selected)
      : plan_(plan),
        length_(length),
        selected_(selected),
        // One domain's refusal is everybody's: none may go on and leave the others to end the job.
        windows_(agree(where.world(), [&] {
          std::vector<shared_window> windows;
          while (windows.size() < plan.windows) windows.emplace_back(where.domain(), bytes_of_one());
          return windows;
        })) {}

  std::size_t size() const { return windows_.size(); }
  std::size_t bytes_of_one() const { return plan_.window.bytes(sizeof(S)); }

  /// As shared_window::sync().
  void sync() const {
    for (const shared_window& window : windows_) window.sync();
  }

  /// What is computed for a block of a round, counted from the domain's first: all of the cells that it
  /// touches.
  window_view<S> view(std::size_t round, const block& where) {
    const block cells{where.rows, work_span(where.samples, plan_.reach.grid, length_)};
    return {reinterpret_cast<S*>(data_of(round)), plan_.window.input, cells};
  }

  /// What of a block of the input comes out, in the result's samples.
  block result_of(const block& where) const { return in_result(where, selected_, plan_.rate); }

  /// The results of a round's block.
  window_view<S> view_of_result(std::size_t round, const block& where) {
    const block result = result_of(where);
    if (plan_.window.in_place()) {
      const std::size_t first = result.samples.begin + selected_.begin;
      const window_view<S> cells = view(round, where);
      return cells.moved(first - cells.where().samples.begin, result);
    }
    S* const data = reinterpret_cast<S*>(data_of(round) + plan_.window.input.bytes(sizeof(S)));
    return {data, plan_.window.results, result};
  }

  /// The same results, counted from the recording's first one and not from the first that comes out.
  window_view<S> from_first_result(const window_view<S>& out) const {
    const std::size_t begin = plan_.rate.outputs_in(selected_).begin;
    const auto& [rows, samples] = out.where();
    return out.moved(0, {rows, {samples.begin + begin, samples.end + begin}});
  }

 private:
  std::byte* data_of(std::size_t round) { return windows_[round % windows_.size()].data(); }

  const run_plan& plan_;
  std::size_t length_;
  index_range selected_;
  std::vector<shared_window> windows_;
};

}  // namespace weir::pipeline
