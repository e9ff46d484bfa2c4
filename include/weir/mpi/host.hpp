#pragma once

#include <string>

namespace weir {

/// The name of the machine that this rank runs on, as MPI gives it. Not collective; throws mpi_error.
std::string host_name();

}  // namespace weir
