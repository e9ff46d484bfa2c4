#pragma once

#include <filesystem>

namespace weir {

/// The folder whose file system holds the shared-memory windows of several ranks: /dev/shm, unless the MPI
/// library was told otherwise. Not collective.
std::filesystem::path window_directory();

}  // namespace weir
