#pragma once

#include <string>
#include <vector>

#include "hdf5.hpp"

namespace weir::io {

/// The files that a virtual dataset of the file `path` takes its samples from, each once, at the places where
/// HDF5 looks for them; none if the dataset is not virtual. A source that is the file itself is not named.
/// HDF5 reads zeros, without a word, for what it does not find.
/// @throws weir::error bad_data, with the name of the first file that is missing, does not open, or has no
/// such dataset, or one that is too small.
std::vector<std::string> virtual_sources(hid_t dataset, const std::string& path, const std::string& name);

/// Samples of a virtual dataset that no source holds: they read as its fill value.
std::size_t unmapped_samples(hid_t dataset);

}  // namespace weir::io
