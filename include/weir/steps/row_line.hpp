#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <weir/sample_type.hpp>

/// What is done to samples before they are filtered: mathematics on spans, without MPI and without files.
namespace weir::steps {

/// What one row's samples are turned into: `gain * (x - level - slope * t) + shift`, with t counted in
/// samples from a place that all rows share. A scale and an offset, a trend, or both.
struct row_line {
  double gain = 1;
  double level = 0;
  double slope = 0;  ///< a sample
  double shift = 0;

  bool is_identity() const { return gain == 1 && level == 0 && slope == 0 && shift == 0; }
  friend bool operator==(const row_line&, const row_line&) = default;

  /// The value of a sample at `time`.
  double operator()(double x, double time) const { return gain * (x - level - slope * time) + shift; }
};

/// Turns consecutive samples of a row, the first of which is at `time`, and takes `reference` off them, which
/// is as long or empty. Computes in float64 and rounds once. `to` is as long as `from`.
template <sample S, std::floating_point A>
void prepare(std::span<const S> from, const row_line& line, double time, std::span<const double> reference,
             std::span<A> to);

}  // namespace weir::steps
