#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/fir/boundary.hpp>
#include <weir/fir/convert.hpp>
#include <weir/pipeline/row_operation.hpp>

#include "block_worker.hpp"
#include "result_store.hpp"

namespace weir::pipeline {

/// Samples of one stretch of a piece that is staged: long beside the neighbours that are prepared once more
/// for each, short beside the caches, and on the operation's grid.
template <row_operation Operation>
std::size_t staged_samples(const Operation& what) {
  constexpr std::size_t shortest = std::size_t{1} << 14;
  return round_up(std::max(shortest, 2 * (what.before() + what.after())), what.grid());
}

/// A block_worker for one kind of operation. A piece whose samples the operation may meet as they are, and
/// whose results all come out as what the window holds, is worked on where it lies. Others are staged: a
/// stretch at a time is prepared into the operation's arithmetic, worked on there, and stored, in one pass
/// over the window.
template <sample W, row_operation Operation>
class window_operation final : public block_worker<W> {
  using arithmetic = typename Operation::arithmetic;

 public:
  window_operation(const Operation& what, const row_treatment& how)
      : what_(what), how_(how), store_(how.result), scratch_(what.make_scratch()) {}

  void prepare(const window_view<W>& window, const row_split& split, std::size_t part) override {
    if (const std::size_t pieces = split.pieces(part)) {
      extend(window, split.piece(part, 0), first_);
      if (pieces > 1) extend(window, split.piece(part, pieces - 1), last_);
    }
  }

  fir::row_counts run(const window_view<W>& window, const window_view<W>& results, index_range kept,
                      const row_split& split, std::size_t part) override {
    fir::row_counts counts;
    kept_ = kept;
    const std::size_t pieces = split.pieces(part);
    for (std::size_t i = 0; i < pieces; ++i) {
      const row_piece piece = split.piece(part, i);
      neighbours* around = i == 0 ? &first_ : i + 1 == pieces ? &last_ : &inner_;
      if (around == &inner_) extend(window, piece, inner_);
      counts += is_staged(window, piece) ? run_staged(window, results, piece, *around)
                                         : run_as_it_is(window, results, piece, *around);
      if (how_.counts_neighbours)
        counts.nonfinite += nonfinite_in(around->before) + nonfinite_in(around->after);
    }
    return counts;
  }

 private:
  struct neighbours {
    std::vector<arithmetic> before;
    std::vector<arithmetic> after;
  };

  static row_place place_of(const window_view<W>& window, const row_piece& piece) {
    const block& where = window.where();
    return {where.rows.begin + piece.row,
            {where.samples.begin + piece.samples.begin, where.samples.begin + piece.samples.end}};
  }

  template <class T>
  static std::uint64_t nonfinite_in(const T& values) {
    if constexpr (!std::is_floating_point_v<typename T::value_type>) return 0;
    return static_cast<std::uint64_t>(
        std::ranges::count_if(values, [](auto value) { return !std::isfinite(static_cast<double>(value)); }));
  }

  bool is_staged(const window_view<W>& window, const row_piece& piece) const {
    const index_range samples = place_of(window, piece).samples;
    return how_.prepared != nullptr || how_.result != sample_type_of<W>() ||
           intersection(samples, kept_) != samples;
  }

  fir::row_counts run_as_it_is(const window_view<W>& window, const window_view<W>& results,
                               const row_piece& piece, const neighbours& around) {
    const row_place place = place_of(window, piece);
    const index_range outputs = what_.rate().outputs_in(place.samples);
    const std::span<const W> in(window.at(piece.row, static_cast<std::ptrdiff_t>(place.samples.begin)),
                                piece.samples.size());
    const std::span<W> out(results.at(piece.row, static_cast<std::ptrdiff_t>(outputs.begin)), outputs.size());
    return what_(place, std::span<const arithmetic>(around.before), in,
                 std::span<const arithmetic>(around.after), out, scratch_);
  }

  fir::row_counts run_staged(const window_view<W>& window, const window_view<W>& results,
                             const row_piece& piece, const neighbours& around) {
    fir::row_counts counts;
    const index_range samples = place_of(window, piece).samples;
    const std::size_t longest = staged_samples(what_);
    if (body_.size() == 0) body_ = fir::aligned_buffer<arithmetic>(longest);
    history_ = around.before;
    ahead_.resize(around.after.size());
    for (std::size_t begin = samples.begin; begin < samples.end; begin += longest) {
      const index_range stretch{begin, std::min(begin + longest, samples.end)};
      const std::span<arithmetic> body = body_.span().first(stretch.size());
      load(window, piece.row, stretch, body);
      const std::size_t inside = std::min(ahead_.size(), samples.end - stretch.end);
      load(window, piece.row, {stretch.end, stretch.end + inside}, std::span(ahead_).first(inside));
      std::copy_n(around.after.begin(), ahead_.size() - inside,
                  ahead_.begin() + static_cast<std::ptrdiff_t>(inside));
      remember(body);
      const index_range outputs = what_.rate().outputs_in(stretch);
      const std::span<arithmetic> made = room_for_results(body, outputs.size());
      const fir::row_counts found =
          what_({window.where().rows.begin + piece.row, stretch}, std::span<const arithmetic>(history_),
                std::span<const arithmetic>(body), std::span<const arithmetic>(ahead_), made, scratch_);
      std::swap(history_, next_history_);
      const index_range kept = intersection(stretch, kept_);
      if (found.nonfinite > 0) {
        const W* const from = window.at(piece.row, static_cast<std::ptrdiff_t>(kept.begin));
        counts.nonfinite += nonfinite_in(std::span<const W>(from, kept.size()));
      }
      const index_range stored = intersection(outputs, what_.rate().outputs_in(kept_));
      W* const to = results.at(piece.row, static_cast<std::ptrdiff_t>(stored.begin));
      counts.clipped += store_(made.subspan(stored.begin - outputs.begin, stored.size()), to);
    }
    return counts;
  }

  /// Where a stretch's results go: in its place, unless there are not as many of them as samples.
  std::span<arithmetic> room_for_results(std::span<arithmetic> body, std::size_t count) {
    if (what_.rate().is_one()) return body;
    results_.resize(count);
    return results_;
  }

  /// Keeps the end of what is behind and of `body`, which the operation is about to replace, for the next
  /// stretch.
  void remember(std::span<const arithmetic> body) {
    const std::size_t wanted = history_.size();
    next_history_.resize(wanted);
    const std::size_t of_body = std::min(wanted, body.size());
    std::copy_n(history_.end() - static_cast<std::ptrdiff_t>(wanted - of_body), wanted - of_body,
                next_history_.begin());
    std::ranges::copy(body.last(of_body), next_history_.end() - static_cast<std::ptrdiff_t>(of_body));
  }

  void load(const window_view<W>& window, std::size_t row, index_range samples,
            std::span<arithmetic> to) const {
    const auto position = static_cast<std::ptrdiff_t>(samples.begin);
    if (how_.prepared != nullptr) return how_.prepared->load(window, row, position, to);
    fir::to_arithmetic<W, arithmetic>(std::span<const W>(window.at(row, position), to.size()), to);
  }

  /// The extended row ahead of and behind a piece, in the operation's arithmetic.
  void extend(const window_view<W>& window, const row_piece& piece, neighbours& around) {
    around.before.resize(what_.before());
    around.after.resize(what_.after());
    const index_range samples = place_of(window, piece).samples;
    const auto begin = static_cast<std::ptrdiff_t>(samples.begin);
    extend(window, piece.row, begin - static_cast<std::ptrdiff_t>(around.before.size()), around.before);
    extend(window, piece.row, static_cast<std::ptrdiff_t>(samples.end), around.after);
  }

  void extend(const window_view<W>& window, std::size_t row, std::ptrdiff_t first,
              std::vector<arithmetic>& out) {
    if (out.empty()) return;
    const position_range held = positions_of(window.where().samples, how_.length, how_.reach);
    if (how_.prepared == nullptr) {
      const fir::known_samples<W> known{window.at(row, held.begin), held.begin, held.size()};
      return fir::extend(how_.ends, how_.length, known, first, std::span(out));
    }
    const position_range needed = needed_for(first, first + static_cast<std::ptrdiff_t>(out.size()), held);
    known_.resize(needed.size());
    how_.prepared->load(window, row, needed.begin, std::span(known_));
    const fir::known_samples<arithmetic> known{known_.data(), needed.begin, known_.size()};
    fir::extend(how_.ends, how_.length, known, first, std::span(out));
  }

  /// The positions that fir::extend() reads for those from `begin` to `end`, among those that are held.
  position_range needed_for(std::ptrdiff_t begin, std::ptrdiff_t end, position_range held) const {
    position_range needed{begin, end};
    const auto n = static_cast<std::ptrdiff_t>(how_.length);
    if (!how_.reach.wraps) {
      if (begin < 0) needed = {0, std::max(end, 1 - begin)};
      if (end > n) needed.begin = std::min(needed.begin, 2 * n - 1 - end);
    }
    return {std::clamp(needed.begin, held.begin, held.end), std::clamp(needed.end, held.begin, held.end)};
  }

  const Operation& what_;
  row_treatment how_;
  result_store<W, arithmetic> store_;
  typename Operation::scratch scratch_;
  index_range kept_;
  neighbours first_;
  neighbours last_;
  neighbours inner_;
  fir::aligned_buffer<arithmetic> body_;
  std::vector<arithmetic> history_;
  std::vector<arithmetic> next_history_;
  std::vector<arithmetic> ahead_;
  std::vector<arithmetic> known_;
  std::vector<arithmetic> results_;
};

}  // namespace weir::pipeline
