#pragma once

#include <mpi.h>

/// MPI's blocking calls, with MPI's parameters and codes, for ranks that may be more than cores: whoever
/// waits in one leaves its core to others. Open MPI sees to that itself where it sees, or is told, that there
/// are more ranks than cores. MPICH does not (seen in 4.0.2, and read in its ch4 device: its progress loop
/// yields to other threads of the process, never to processes), so that its ranks wait for one another by the
/// scheduler's clock. There a call starts its nonblocking twin and looks after it. **Collective** where the
/// call is.
namespace weir::blocking {

int wait(MPI_Request* request) noexcept;
int barrier(MPI_Comm ranks) noexcept;
int all_reduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm ranks) noexcept;
int exclusive_scan(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op,
                   MPI_Comm ranks) noexcept;
int broadcast(void* values, int count, MPI_Datatype type, int root, MPI_Comm ranks) noexcept;
/// As many items of the same type from every rank.
int all_gather(const void* from, void* to, int count, MPI_Datatype type, MPI_Comm ranks) noexcept;
/// Of rank r `counts[r]` items of the same type, to the `offsets[r]`-th place.
int all_gather(const void* from, int count, void* to, const int* counts, const int* offsets,
               MPI_Datatype type, MPI_Comm ranks) noexcept;
int send(const void* values, int count, MPI_Datatype type, int to, int tag, MPI_Comm ranks) noexcept;
int receive(void* values, int count, MPI_Datatype type, int from, int tag, MPI_Comm ranks,
            MPI_Status* status) noexcept;

}  // namespace weir::blocking
