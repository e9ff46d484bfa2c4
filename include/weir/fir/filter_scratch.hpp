#pragma once

#include <concepts>
#include <cstddef>

#include <weir/fir/aligned_buffer.hpp>

namespace weir::fir {

/// Working memory of a `row_filter` or a `resampler`, private to one thread: O(taps) bytes. Move-only. The
/// filter's `make_scratch()` makes it.
template <std::floating_point A>
struct filter_scratch {
  std::size_t bytes() const { return before.bytes() + after.bytes() + work.bytes(); }

  aligned_buffer<A> before;  ///< room for a piece's context, the filter's `before()` samples
  aligned_buffer<A> after;   ///< room for a piece's context, the filter's `after()` samples
  aligned_buffer<A> work;    ///< the engine's own
};

}  // namespace weir::fir
