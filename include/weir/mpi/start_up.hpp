#pragma once

#include <chrono>

namespace weir {

/// What a process did with its time before the program's own work, in seconds.
struct start_up {
  using clock = std::chrono::steady_clock;

  double launch = 0;  ///< from the start of the launcher's process that started this one; 0 without launcher
  double load = 0;    ///< from this process's start until MPI_Init is called: libraries, the command line
  double mpi_init = 0;                   ///< in MPI_Init
  clock::time_point end = clock::now();  ///< when MPI was there

  /// When this process started.
  clock::time_point begin() const {
    return end - std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(load + mpi_init));
  }
};

/// The two that lie before MPI_Init, which is about to be called. The kernel tells when a process started to
/// a hundredth of a second; where it does not tell (no /proc), both are 0. Not collective.
start_up time_until_now();

}  // namespace weir
