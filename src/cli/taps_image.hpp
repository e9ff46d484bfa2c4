#pragma once

#include <span>
#include <string>

namespace weir::cli {

/// The bytes of an HDF5 file that holds the taps as its dataset `name`, an absolute path. Nothing is written
/// on the way: on a disk without room HDF5 leaves half a file, and says so once more when the program ends.
/// Throws `error` (usage) if no dataset can be named so.
std::string taps_image(const std::string& name, std::span<const double> taps);

}  // namespace weir::cli
