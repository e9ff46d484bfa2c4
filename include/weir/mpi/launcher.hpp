#pragma once

#include <optional>

namespace weir {

/// This process's number among those that a launcher (mpirun, mpiexec, srun) started together, known before
/// MPI_Init and without it; nothing if the process was started alone. Not collective.
std::optional<int> launched_rank();

}  // namespace weir
