#pragma once

#include <cstddef>
#include <memory>

#include <weir/fir/boundary.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/partition.hpp>
#include <weir/pipeline/operation.hpp>
#include <weir/pipeline/window_layout.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// Carries out an operation on a rank's share of a block, in place in the window. Whole rows need nothing but
/// themselves. A row that ranks share is cut on the operation's grid, and its pieces' neighbours are
/// originals that other ranks overwrite: prepare() saves them, then all ranks of the domain meet, then run()
/// works.
template <sample S>
class block_worker {
 public:
  block_worker() = default;
  block_worker(const block_worker&) = delete;
  block_worker& operator=(const block_worker&) = delete;
  virtual ~block_worker() = default;

  /// Saves the neighbours of this rank's first and last piece. Not collective.
  virtual void prepare(const window_view<S>& window, const row_split& split, std::size_t rank) = 0;

  /// Works on this rank's pieces, after prepare() on all ranks of the domain. Not collective.
  virtual fir::row_counts run(const window_view<S>& window, const row_split& split, std::size_t rank) = 0;
};

/// The worker of one rank. `length`: samples of the recording. Keeps `what`, which must outlive it.
template <sample S>
std::unique_ptr<block_worker<S>> make_block_worker(const operation& what, const fir::boundary& ends,
                                                   std::size_t length, const filter_reach& reach);

}  // namespace weir::pipeline
