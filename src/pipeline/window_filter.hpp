#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/fir/boundary.hpp>
#include <weir/fir/row_filter.hpp>
#include <weir/partition.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// Filters a rank's share of a block in place in the window. Whole rows need nothing but themselves. A row
/// that ranks share is cut on the filter's grid, and its pieces' neighbours are originals that other ranks
/// overwrite: prepare() saves them, then all ranks of the domain meet, then filter() runs.
template <std::floating_point A>
class window_filter {
 public:
  /// Keeps `filter`, which must outlive it. `length`: samples of the recording.
  window_filter(const fir::row_filter<A>& filter, const fir::boundary& ends, std::size_t length,
                const filter_reach& reach)
      : filter_(filter), ends_(ends), length_(length), reach_(reach), scratch_(filter.make_scratch()) {}

  /// Whether ranks share rows of this block, so that they must meet between prepare() and filter().
  static bool shares_rows(const row_split& split) { return split.cuts_rows(); }

  /// How this filter divides a block among the ranks of a domain.
  row_split split(const block& where, std::size_t ranks) const {
    return {where.rows.size(), where.samples.size(), filter_.grid(), ranks};
  }

  /// Saves the neighbours of this rank's first and last piece. Not collective.
  template <sample S>
  void prepare(const window_view<S>& window, const row_split& split, std::size_t rank) {
    if (const std::size_t pieces = split.pieces(rank)) {
      extend(window, split.piece(rank, 0), first_);
      if (pieces > 1) extend(window, split.piece(rank, pieces - 1), last_);
    }
  }

  /// Filters this rank's pieces, after prepare() on all ranks of the domain. Not collective.
  template <sample S>
  fir::row_counts filter(const window_view<S>& window, const row_split& split, std::size_t rank) {
    fir::row_counts counts;
    const std::size_t pieces = split.pieces(rank);
    for (std::size_t i = 0; i < pieces; ++i) {
      const row_piece piece = split.piece(rank, i);
      neighbours* around = i == 0 ? &first_ : i + 1 == pieces ? &last_ : &inner_;
      if (around == &inner_) extend(window, piece, inner_);
      const std::span<S> samples(window.at(piece.row, position_of(window, piece.samples.begin)),
                                 piece.samples.size());
      const fir::row_counts of_piece =
          filter_.template operator()<S>(around->before, samples, around->after, samples, scratch_);
      counts.clipped += of_piece.clipped;
      counts.nonfinite += of_piece.nonfinite;
    }
    return counts;
  }

 private:
  struct neighbours {
    std::vector<A> before;
    std::vector<A> after;
  };

  template <sample S>
  static std::ptrdiff_t position_of(const window_view<S>& window, std::size_t sample_of_block) {
    return static_cast<std::ptrdiff_t>(window.where().samples.begin + sample_of_block);
  }

  /// The extended row ahead of and behind a piece, in the filter's arithmetic.
  template <sample S>
  void extend(const window_view<S>& window, const row_piece& piece, neighbours& around) const {
    const position_range held = positions_of(window.where().samples, length_, reach_);
    const fir::known_samples<S> known{window.at(piece.row, held.begin), held.begin, held.size()};
    around.before.resize(filter_.before());
    around.after.resize(filter_.after());
    const std::ptrdiff_t begin = position_of(window, piece.samples.begin);
    const std::ptrdiff_t end = position_of(window, piece.samples.end);
    fir::extend(ends_, length_, known, begin - static_cast<std::ptrdiff_t>(around.before.size()),
                std::span(around.before));
    fir::extend(ends_, length_, known, end, std::span(around.after));
  }

  const fir::row_filter<A>& filter_;
  fir::boundary ends_;
  std::size_t length_;
  filter_reach reach_;
  typename fir::row_filter<A>::scratch scratch_;
  neighbours first_;
  neighbours last_;
  neighbours inner_;
};

}  // namespace weir::pipeline
