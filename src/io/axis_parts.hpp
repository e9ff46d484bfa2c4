#pragma once

#include <string>
#include <vector>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Datasets beside a recording with an entry, along their first axis, for each of its samples or channels.
/// Paths are absolute; those that are not there do not matter.
struct axis_parts {
  std::vector<std::string> of_samples;
  std::vector<std::string> of_channels;
  bool is_guess = false;  ///< their lengths alone say so
};

/// Those datasets of one dimension in the recording's own group that have as many entries as it has samples
/// or channels; none where these are as many.
axis_parts siblings_of(hid_t file, const recording& what);

}  // namespace weir::io
