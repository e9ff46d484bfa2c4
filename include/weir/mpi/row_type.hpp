#pragma once

#include <cstddef>
#include <utility>

#include <mpi.h>

namespace weir {

/// MPI's datatype of `bytes` consecutive bytes, at most INT_MAX of them: with one a row, counts are rows and
/// stay far from the limits of int. Move-only; owns the datatype. Not collective; throws mpi_error.
class row_type {
 public:
  explicit row_type(std::size_t bytes);
  row_type(row_type&& other) noexcept : native_(std::exchange(other.native_, MPI_DATATYPE_NULL)) {}
  row_type& operator=(row_type&& other) noexcept {
    std::swap(native_, other.native_);
    return *this;
  }
  row_type(const row_type&) = delete;
  row_type& operator=(const row_type&) = delete;
  ~row_type();

  MPI_Datatype native() const noexcept { return native_; }

 private:
  MPI_Datatype native_ = MPI_DATATYPE_NULL;
};

}  // namespace weir
