#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <weir/sample_type.hpp>

namespace weir::fir {

/// Converts stored samples to arithmetic; returns how many are NaN or infinite. `to` is as long as `from`.
template <sample S, std::floating_point A>
std::uint64_t to_arithmetic(std::span<const S> from, std::span<A> to);

/// Stores results as samples: integers are rounded to the nearest, ties to even, and saturate; NaN becomes 0
/// there. Returns how many did not fit. `to` is as long as `from`, and other memory. The bits are the same on
/// every machine.
template <sample S, std::floating_point A>
std::uint64_t to_samples(std::span<const A> from, std::span<S> to);

}  // namespace weir::fir
