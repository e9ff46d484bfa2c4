#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <weir/fir/boundary.hpp>
#include <weir/pipeline/row_operation.hpp>

#include "block_worker.hpp"

namespace weir::pipeline {

/// A block_worker for one kind of operation.
template <sample S, row_operation Operation>
class window_operation final : public block_worker<S> {
  using arithmetic = typename Operation::arithmetic;

 public:
  window_operation(const Operation& what, const fir::boundary& ends, std::size_t length,
                   const filter_reach& reach)
      : what_(what), ends_(ends), length_(length), reach_(reach), scratch_(what.make_scratch()) {}

  void prepare(const window_view<S>& window, const row_split& split, std::size_t rank) override {
    if (const std::size_t pieces = split.pieces(rank)) {
      extend(window, split.piece(rank, 0), first_);
      if (pieces > 1) extend(window, split.piece(rank, pieces - 1), last_);
    }
  }

  fir::row_counts run(const window_view<S>& window, const row_split& split, std::size_t rank) override {
    fir::row_counts counts;
    const std::size_t pieces = split.pieces(rank);
    for (std::size_t i = 0; i < pieces; ++i) {
      const row_piece piece = split.piece(rank, i);
      neighbours* around = i == 0 ? &first_ : i + 1 == pieces ? &last_ : &inner_;
      if (around == &inner_) extend(window, piece, inner_);
      const row_place place = place_of(window, piece);
      const std::span<S> samples(window.at(piece.row, static_cast<std::ptrdiff_t>(place.samples.begin)),
                                 piece.samples.size());
      counts += what_(place, std::span<const arithmetic>(around->before), samples,
                      std::span<const arithmetic>(around->after), scratch_);
    }
    return counts;
  }

 private:
  struct neighbours {
    std::vector<arithmetic> before;
    std::vector<arithmetic> after;
  };

  static row_place place_of(const window_view<S>& window, const row_piece& piece) {
    const block& where = window.where();
    return {where.rows.begin + piece.row,
            {where.samples.begin + piece.samples.begin, where.samples.begin + piece.samples.end}};
  }

  /// The extended row ahead of and behind a piece, in the operation's arithmetic.
  void extend(const window_view<S>& window, const row_piece& piece, neighbours& around) const {
    const position_range held = positions_of(window.where().samples, length_, reach_);
    const fir::known_samples<S> known{window.at(piece.row, held.begin), held.begin, held.size()};
    around.before.resize(what_.before());
    around.after.resize(what_.after());
    const index_range samples = place_of(window, piece).samples;
    const auto begin = static_cast<std::ptrdiff_t>(samples.begin);
    fir::extend(ends_, length_, known, begin - static_cast<std::ptrdiff_t>(around.before.size()),
                std::span(around.before));
    fir::extend(ends_, length_, known, static_cast<std::ptrdiff_t>(samples.end), std::span(around.after));
  }

  const Operation& what_;
  fir::boundary ends_;
  std::size_t length_;
  filter_reach reach_;
  typename Operation::scratch scratch_;
  neighbours first_;
  neighbours last_;
  neighbours inner_;
};

}  // namespace weir::pipeline
