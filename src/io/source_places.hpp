#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hdf5.hpp"

/// Where HDF5 looks for the files that a dataset names for its samples.
namespace weir::io {

/// One of the parts that a virtual dataset joins, as its file names them.
struct virtual_part {
  std::string file;     ///< as it was given to HDF5, `.` for the dataset's own file
  std::string dataset;  ///< path in it
};

bool is_virtual(hid_t created);

/// The parts of a virtual dataset, by its creation properties, in their order.
std::vector<virtual_part> virtual_parts(hid_t created);

/// Whether a name stands for files with a number in theirs.
bool is_numbered(std::string name);

/// HDF5 has `%%` for a percent sign in the names of sources, as `%b` stands for numbers.
std::string plain_name(std::string name);

/// The file that HDF5 takes for a part's name where the dataset lies in the file `path`; nothing if there is
/// none.
std::optional<std::string> find_source(const std::string& name, const std::string& path);

/// The files of raw bytes in which a contiguous dataset of the file `path` lies (external storage), where
/// HDF5 looks for them, by the dataset's creation properties; none if it lies in its own file.
std::vector<std::string> external_files(hid_t created, const std::string& path);

}  // namespace weir::io
