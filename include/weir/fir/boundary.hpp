#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <weir/sample_type.hpp>

namespace weir::fir {

/// What stands beyond a row's two ends. The names and meanings are those of scipy.ndimage; `odd` is the
/// padding of scipy.signal.filtfilt.
enum class boundary_mode {
  reflect,   ///< d c b a | a b c d | d c b a
  mirror,    ///< d c b | a b c d | c b a
  nearest,   ///< a a a a | a b c d | d d d d
  wrap,      ///< a b c d | a b c d | a b c d
  constant,  ///< v v v v | a b c d | v v v v, with v the given value
  odd,       ///< point reflection about the end samples: 2a - b | a b c d | 2d - c
};

/// A row's extension. A causal filter that starts from rest has the boundary `constant` with `cval` 0.
struct boundary {
  boundary_mode mode = boundary_mode::reflect;
  double cval = 0;
};

/// The samples of a row that are at hand: data[j] is the row's sample first + j. Not owning.
///
/// With `boundary_mode::wrap`, `first` may be negative and the last position may lie beyond the row: such
/// positions stand for the samples that they wrap to. With other modes positions outside the row are not
/// read.
template <sample S>
struct known_samples {
  const S* data = nullptr;
  std::ptrdiff_t first = 0;
  std::size_t count = 0;
};

/// Fills out[j] with the extended row's value at position first_position + j. Positions inside the row are
/// converted to A; positions outside follow the boundary, periodically continued, so any distance from the
/// row is defined, also for rows of one sample. `row_length` is the whole recording's.
///
/// What must be at hand: to extend a row by `reach` positions at one end, its `reach + 1` samples nearest to
/// that end, or the whole row if it is shorter. For a position -d reads sample d - 1 (reflect), d (mirror),
/// 0 (nearest), none (constant), 0 and d (odd) as long as d stays inside the row, and d only leaves the row
/// when the whole row lies within d; the right end is the mirror image. `wrap` needs the row's other end.
///
/// Throws error(internal) when a needed sample is not at hand, or the row is empty.
template <sample S, std::floating_point A>
void extend(const boundary& edge, std::size_t row_length, known_samples<S> known,
            std::ptrdiff_t first_position, std::span<A> out);

/// Extends a whole row: `before` ends at the position ahead of its first sample, `after` begins at the one
/// behind its last. Throws what extend() throws.
template <sample S, std::floating_point A>
void extend_both_ends(const boundary& edge, std::span<const S> row, std::span<A> before, std::span<A> after) {
  const known_samples<S> known{row.data(), 0, row.size()};
  extend(edge, row.size(), known, -static_cast<std::ptrdiff_t>(before.size()), before);
  extend(edge, row.size(), known, static_cast<std::ptrdiff_t>(row.size()), after);
}

}  // namespace weir::fir
