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

/// Fills /provenance: HDF5's version, the source's identity (none if its path is empty), the options' keys,
/// taps, and room for results.
void fill_provenance(hid_t file, const recording& source, const output_options& options);

/// Stores the run's results as JSON text in the room that /provenance/results has for them. HDF5 does not
/// write then: its metadata is what it was, so a crash at this moment leaves a file that opens.
void write_results(const std::string& path, const nlohmann::json& results);

/// Puts the command line, with the date, in front of the root attribute `history`, as the netCDF operators do
/// (NCO manual, "History Attribute"). Does nothing for an empty line.
void prepend_history(hid_t file, const std::string& command_line);

}  // namespace weir::io
