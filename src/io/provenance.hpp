#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <weir/io/output.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Name, in the group that says how a file was made, of the same group of the file it was made from.
inline constexpr const char* previous_provenance = "/provenance/previous";

/// Creates the empty group /provenance.
void create_provenance(hid_t file);

/// Fills /provenance: HDF5's version, the source's identity (none if its path is empty), the options' keys
/// and taps.
void fill_provenance(hid_t file, const recording& source, const output_options& options);

/// Stores results of the run as JSON text in /provenance@results.
void add_results(hid_t file, const nlohmann::json& results);

/// Puts the command line, with the date, in front of the root attribute `history`, as the netCDF operators do
/// (NCO manual, "History Attribute"). Does nothing for an empty line.
void prepend_history(hid_t file, const std::string& command_line);

}  // namespace weir::io
