#include <array>
#include <cstddef>

#include <fmt/format.h>

#include <weir/mpi/error.hpp>

#include "line.hpp"

namespace weir {
namespace {

int class_of(int mpi_code) {
  int result = MPI_ERR_UNKNOWN;
  MPI_Error_class(mpi_code, &result);
  return result;
}

std::string text_of(int mpi_code) {
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  if (MPI_Error_string(mpi_code, text.data(), &length) != MPI_SUCCESS) return "an unknown MPI error";
  const std::string whole(text.data(), static_cast<std::size_t>(length));
  // MPICH tells in further lines which of its functions called which.
  return whole.substr(0, whole.find('\n'));
}

}  // namespace

mpi_error::mpi_error(int mpi_code, std::string_view call)
    : error(exit_code::internal,
            fmt::format("{} failed with code {}: {}", call, mpi_code, text_of(mpi_code))),
      mpi_code_(mpi_code),
      mpi_class_(class_of(mpi_code)),
      call_(call) {}

void check_in_destructor(int mpi_code, std::string_view call) noexcept {
  if (mpi_code == MPI_SUCCESS) return;
  try {
    write_line(stderr_descriptor, fmt::format("weir: warning: {}", mpi_error(mpi_code, call).what()));
  } catch (...) {  // no memory left for the sentence: there is nobody to tell
  }
}

}  // namespace weir
