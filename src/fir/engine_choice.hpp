#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>

#include <weir/error.hpp>
#include <weir/fir/filter_spec.hpp>
#include <weir/fir/row_filter.hpp>

/// Which of the two methods a filter is computed by: from its taps and the arithmetic type alone.
namespace weir::fir {

/// Samples up to the root of the largest number pass the engine's test, so that a transform with a response
/// no larger than this cannot overflow.
template <std::floating_point A>
inline constexpr double largest_response = std::is_same_v<A, double> ? 1e100 : 1e10;

/// `fewest_for_fft`: taps from which on the transform is faster. Throws as row_filter's constructor.
template <std::floating_point A>
bool uses_fft(const filter_spec& spec, method how, std::size_t fewest_for_fft) {
  check(spec);
  for (const double tap : spec.taps) {
    if (std::abs(tap) > static_cast<double>(std::numeric_limits<A>::max())) {
      throw error(exit_code::usage,
                  "a tap of " + std::to_string(tap) + " is too large for float32: accumulate in float64");
    }
  }
  const bool may_overflow = absolute_sum(spec) > largest_response<A>;
  if (how == method::fft && may_overflow) {
    throw error(exit_code::usage,
                "the taps are too large for the FFT method: use the direct one, or scale the taps down");
  }
  if (how == method::automatic) return spec.taps.size() >= fewest_for_fft && !may_overflow;
  return how == method::fft;
}

}  // namespace weir::fir
