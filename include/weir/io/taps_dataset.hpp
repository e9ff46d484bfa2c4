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

/// Writes a new HDF5 file with taps as a dataset of float64, both named as `FILE:/path`; groups on the way are
/// made. Not collective: one rank calls it. @throws weir::error usage where `text` names no dataset;
/// cannot_create where the file exists, unless `overwrite`, or cannot be made.
void write_taps_dataset(const std::string& text, std::span<const double> taps, bool overwrite);

}  // namespace weir::io
