#pragma once

#include <cstddef>
#include <memory>

#include <weir/fir/boundary.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/partition.hpp>
#include <weir/pipeline/operation.hpp>
#include <weir/pipeline/window_layout.hpp>

#include "prepared_rows.hpp"
#include "window_view.hpp"

namespace weir::pipeline {

/// What a worker does to rows beside the operation itself.
struct row_treatment {
  fir::boundary ends;
  std::size_t length = 0;  ///< samples of the recording
  filter_reach reach;
  sample_type result = sample_type::float64;  ///< what results are rounded to; a window's type holds it
  bool counts_neighbours = false;             ///< among the samples that are not finite
  const prepared_rows* prepared = nullptr;    ///< not owning; null: the operation meets samples as they are
};

/// Carries out an operation on a rank's share of a block: in place in the window, or, where it changes the
/// sampling rate, from the block to the block of its results. Whole rows need nothing but themselves. A row
/// that ranks share is cut on the operation's grid, and its pieces' neighbours are originals that other ranks
/// overwrite in place: prepare() saves them, then all ranks of the domain meet, then run() works.
template <sample W>
class block_worker {
 public:
  block_worker() = default;
  block_worker(const block_worker&) = delete;
  block_worker& operator=(const block_worker&) = delete;
  virtual ~block_worker() = default;

  /// Saves the neighbours of a part's first and last piece. Not collective.
  virtual void prepare(const window_view<W>& window, const row_split& split, std::size_t part) = 0;

  /// Works on a part's pieces, after prepare() for it, and for all parts if any row is cut. `results` is
  /// `window` where the rate stays. `kept`: the samples of the block that come out; of others nothing is
  /// stored or counted. Not collective.
  virtual fir::row_counts run(const window_view<W>& window, const window_view<W>& results, index_range kept,
                              const row_split& split, std::size_t part) = 0;
};

/// The worker of one rank. Keeps `what`, which must outlive it.
template <sample W>
std::unique_ptr<block_worker<W>> make_block_worker(const operation& what, const row_treatment& how);

/// Bytes that a worker holds beside the operation's scratch, however it treats rows.
std::size_t worker_bytes(const operation& what);

}  // namespace weir::pipeline
