#include <charconv>
#include <cstdlib>
#include <cstring>

#include <weir/mpi/launcher.hpp>

namespace weir {

std::optional<int> launched_rank() {
  // Open MPI, launchers that speak PMIx, MPICH's hydra, and srun without MPI plug-in.
  for (const char* name : {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"}) {
    const char* text = std::getenv(name);
    int rank = 0;
    if (text && std::from_chars(text, text + std::strlen(text), rank).ec == std::errc{}) return rank;
  }
  return std::nullopt;
}

}  // namespace weir
