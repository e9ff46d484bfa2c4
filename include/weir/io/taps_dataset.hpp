#pragma once

#include <span>
#include <string>
#include <vector>

namespace weir::io {

/// Whether `text` names a dataset in an HDF5 file: `FILE:/path`, as in `filters.h5:/lowpass`.
bool names_a_dataset(const std::string& text);

/// The file in which `text` names a dataset; where it names none, `text` is a file itself.
std::string file_of(const std::string& text);

/// Reads taps from a one-dimensional numeric dataset named as `FILE:/path`. Not collective; any number of
/// ranks may call it. @throws weir::error no_input where the file is missing or cannot be opened; bad_data
/// where it is not HDF5, has no such dataset, or the dataset is no row of finite numbers; usage where `text`
/// names no dataset.
std::vector<double> read_taps_dataset(const std::string& text);

/// The bytes of an HDF5 file that holds the taps as its dataset `name`, an absolute path; float64. Groups on
/// the way are made. Nothing is written: on a disk without room HDF5 leaves half a file, and says so once
/// more when the program ends. Not collective. @throws weir::error usage if no dataset can be named so.
std::string taps_image(const std::string& name, std::span<const double> taps);

}  // namespace weir::io
