#include <array>
#include <string>

#include <mpi.h>

#include <weir/mpi/error.hpp>
#include <weir/mpi/window_directory.hpp>

namespace weir {
namespace {

/// The value of a setting of the MPI library that is a text, or nothing where the library has no such one.
std::string mpi_setting(const char* name) {
  int provided = 0;
  check(MPI_T_init_thread(MPI_THREAD_SINGLE, &provided), "MPI_T_init_thread");
  std::string value;
  int index = 0;
  MPI_T_cvar_handle handle{};
  int length = 0;
  if (MPI_T_cvar_get_index(name, &index) == MPI_SUCCESS &&
      MPI_T_cvar_handle_alloc(index, nullptr, &handle, &length) == MPI_SUCCESS) {
    value.resize(static_cast<std::size_t>(length) + 1);
    if (MPI_T_cvar_read(handle, value.data()) != MPI_SUCCESS) value.clear();
    value.resize(value.find('\0') == std::string::npos ? 0 : value.find('\0'));
    MPI_T_cvar_handle_free(&handle);
  }
  check(MPI_T_finalize(), "MPI_T_finalize");
  return value;
}

}  // namespace

std::filesystem::path window_directory() {
  // Open MPI's name; other libraries have no such setting and use /dev/shm.
  const std::string chosen = mpi_setting("osc_sm_backing_directory");
  return chosen.empty() ? std::filesystem::path("/dev/shm") : std::filesystem::path(chosen);
}

}  // namespace weir
