#pragma once

#include <string>
#include <string_view>

#include <mpi.h>

#include <weir/error.hpp>

namespace weir {

/// An MPI call failed. The other ranks of its communicator may be waiting inside the same call for ever, so
/// it is not an error to recover from: it ends the job (see run_main).
class mpi_error : public error {
 public:
  mpi_error(int mpi_code, std::string_view call);

  /// The code that the call returned, and the class that it belongs to (MPI_ERR_...).
  int mpi_code() const noexcept { return mpi_code_; }
  int mpi_class() const noexcept { return mpi_class_; }

  /// The name of the call, such as "MPI_Bcast".
  const std::string& call() const noexcept { return call_; }

 private:
  int mpi_code_;
  int mpi_class_;
  std::string call_;
};

/// Throws mpi_error unless an MPI call returned MPI_SUCCESS.
inline void check(int mpi_code, std::string_view call) {
  if (mpi_code != MPI_SUCCESS) [[unlikely]] {
    throw mpi_error(mpi_code, call);
  }
}

/// The same for destructors, which cannot throw: says the failure on stderr and goes on.
void check_in_destructor(int mpi_code, std::string_view call) noexcept;

}  // namespace weir
