#pragma once

#include <cstddef>

#include "hdf5.hpp"

namespace weir::io {

/// How evenly the values of a one-dimensional dataset of times are spaced.
struct spacing {
  double first = 0.0;
  double interval = 0.0;        ///< mean, from the first and the last value
  double worst = 0.0;           ///< largest distance of a value from the even line, in intervals
  std::size_t worst_index = 0;  ///< of that value
};

/// Beyond this distance from the even line, in intervals, times are not those of an evenly sampled recording.
/// Rounding of microsecond clocks and of seconds since 1970 in double stays far below it; one lost sample
/// does not.
inline constexpr double even_tolerance = 0.25;

/// Whether the dataset can be times: numbers, in one dimension, two or more.
bool can_be_times(hid_t dataset_id);

/// Measures the dataset, all of it up to 16 Mi values and evenly spread blocks of longer ones: a gap shifts
/// all that follow it, so blocks show it too. The dataset can_be_times().
spacing measure_spacing(hid_t dataset_id);

}  // namespace weir::io
