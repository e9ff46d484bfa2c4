#include <climits>

#include <fmt/format.h>

#include <weir/mpi/error.hpp>
#include <weir/mpi/row_type.hpp>

namespace weir {

row_type::row_type(std::size_t bytes) {
  if (bytes > INT_MAX) {
    throw error(exit_code::internal, fmt::format("a row of {} bytes is too long for one datatype", bytes));
  }
  check(MPI_Type_contiguous(static_cast<int>(bytes), MPI_BYTE, &native_), "MPI_Type_contiguous");
  check(MPI_Type_commit(&native_), "MPI_Type_commit");
}

row_type::~row_type() {
  if (native_ != MPI_DATATYPE_NULL) check_in_destructor(MPI_Type_free(&native_), "MPI_Type_free");
}

}  // namespace weir
