#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/rate_ratio.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// A dataset beside a recording that holds one value for each of its samples.
struct sample_axis {
  std::string path;
  bool interpolates = true;  ///< times do, between samples; codes and states are those of the sample before
  bool is_guess = false;     ///< its name and its length alone say so
  double a_second = 0;       ///< how many of the units of its times make a second; 0: the file does not say
};

/// Whether the dataset is there, has one dimension, and as many numbers as the recording has samples.
bool is_sample_axis(hid_t file, const std::string& path, const recording& what);

/// The same axis for a recording whose rate was changed, of the results `outputs`, as a new dataset without a
/// name in `target_file`: of the same type, in chunks if the source is. Values between two samples lie on the
/// line between theirs, rounded to the nearest in integers; those behind the last sample go on with the last
/// interval.
h5::dataset resampled_axis(hid_t source, hid_t target_file, const rate_ratio& rate, index_range outputs,
                           bool interpolates);

}  // namespace weir::io
