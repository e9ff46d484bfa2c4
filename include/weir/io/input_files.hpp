#pragma once

#include <span>
#include <string>
#include <vector>

namespace weir::io {

/// The files that names of inputs stand for, in the order of the names: a file for itself; a folder for the
/// HDF5 files right in it, by their endings (.h5, .hdf5, .hdf, .he5, .nwb, .das, whatever their case), in the
/// order of their names; a pattern with *, ? or [...] that is no file's name for the files that fit it, in
/// the order of their names. Not collective: one rank looks. @throws weir::error no_input where a folder has
/// none, or nothing fits a pattern; usage where a file is named twice.
std::vector<std::string> input_files(std::span<const std::string> names);

}  // namespace weir::io
