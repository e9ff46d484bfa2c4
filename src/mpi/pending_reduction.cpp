#include <climits>

#include <weir/mpi/blocking.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/pending_reduction.hpp>

namespace weir {

reduction_request::reduction_request(MPI_Comm comm, int ranks, void* values, std::size_t count,
                                     MPI_Datatype type, reduction op)
    : ranks_(ranks) {
  if (count > INT_MAX) throw error(exit_code::internal, "a nonblocking reduction is of too many values");
  check(MPI_Iallreduce(MPI_IN_PLACE, values, static_cast<int>(count), type, native_operation(op), comm,
                       &request_),
        "MPI_Iallreduce");
}

bool reduction_request::test() {
  int done = 0;
  check(MPI_Test(&request_, &done, MPI_STATUS_IGNORE), "MPI_Test");
  return done != 0;
}

void reduction_request::wait() {
  check(blocking::wait(&request_), "MPI_Wait");
}

bool reduction_request::finish_in_destructor() noexcept {
  if (request_ == MPI_REQUEST_NULL) return true;
  if (!guard_.may_release(ranks_)) return false;
  check_in_destructor(blocking::wait(&request_), "MPI_Wait");
  return true;
}

}  // namespace weir
