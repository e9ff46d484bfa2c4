#pragma once

#include <algorithm>
#include <cstddef>

#include <weir/block_grid.hpp>
#include <weir/rate_ratio.hpp>

namespace weir::pipeline {

/// The samples of a recording of `length` that blocks cover for a result of `selected`: whole cells of the
/// operation's grid, so that the bits are those of a run over the whole recording.
constexpr index_range work_span(index_range selected, std::size_t grid, std::size_t length) {
  return {selected.begin / grid * grid, std::min(round_up(selected.end, grid), length)};
}

/// A block of the span, which begins at sample `begin`, in the recording's samples.
constexpr block in_recording(const block& of_span, std::size_t begin) {
  return {of_span.rows, {of_span.samples.begin + begin, of_span.samples.end + begin}};
}

/// What of a block of the recording is in the result, in the result's samples.
constexpr block in_result(const block& where, index_range selected, const rate_ratio& rate) {
  const index_range results = rate.outputs_in(selected);
  const index_range kept = intersection(rate.outputs_in(where.samples), results);
  return {where.rows, {kept.begin - results.begin, kept.end - results.begin}};
}

}  // namespace weir::pipeline
