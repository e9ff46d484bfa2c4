#pragma once

#include <cstddef>

#include <weir/steps/pairwise_sum.hpp>

namespace weir::steps {

/// What is taken off a row, as scipy.signal.detrend's `type`.
enum class trend_kind {
  none,
  constant,  ///< its mean
  linear,    ///< the line of least squares
};

/// A row's trend: `level` at the middle of the row, and `slope` a sample.
struct trend {
  double level = 0;
  double slope = 0;

  friend bool operator==(const trend&, const trend&) = default;
};

/// Where the time of a row of `samples` begins that has 0 in its middle: there a line's two numbers do not
/// depend on one another.
constexpr double first_time(std::size_t samples) {
  return -0.5 * static_cast<double>(samples - 1);
}

/// The trend of a row of `samples`, whose moments were taken with times from first_time() on.
trend fit(trend_kind kind, const moments& all, std::size_t samples);

}  // namespace weir::steps
