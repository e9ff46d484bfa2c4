#include <chrono>
#include <thread>

#include <weir/mpi/blocking.hpp>

namespace weir::blocking {
namespace {

#ifdef MPICH_VERSION
constexpr bool waiting_keeps_the_core = true;
#else
constexpr bool waiting_keeps_the_core = false;
#endif

/// Who is not late is there within these many looks; who waits longer need not look so often.
constexpr int looks_without_sleep = 1000;
constexpr std::chrono::microseconds nap{50};

int look_after(MPI_Request* request, MPI_Status* status) noexcept {
  for (int looks = 0;; ++looks) {
    int is_done = 0;
    const int code = MPI_Test(request, &is_done, status);
    if (code != MPI_SUCCESS || is_done != 0) return code;
    if (looks < looks_without_sleep) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(nap);
    }
  }
}

/// `call()`, or what `start(&request)` starts.
template <class Call, class Start>
int either(Call&& call, Start&& start, MPI_Status* status = MPI_STATUS_IGNORE) noexcept {
  if constexpr (waiting_keeps_the_core) {
    MPI_Request request = MPI_REQUEST_NULL;
    const int code = start(&request);
    return code == MPI_SUCCESS ? look_after(&request, status) : code;
  } else {
    return call();
  }
}

}  // namespace

int wait(MPI_Request* request) noexcept {
  return waiting_keeps_the_core ? look_after(request, MPI_STATUS_IGNORE)
                                : MPI_Wait(request, MPI_STATUS_IGNORE);
}

int barrier(MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Barrier(ranks); }, [&](MPI_Request* r) { return MPI_Ibarrier(ranks, r); });
}

int all_reduce(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op, MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Allreduce(from, to, count, type, op, ranks); },
                [&](MPI_Request* r) { return MPI_Iallreduce(from, to, count, type, op, ranks, r); });
}

int exclusive_scan(const void* from, void* to, int count, MPI_Datatype type, MPI_Op op,
                   MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Exscan(from, to, count, type, op, ranks); },
                [&](MPI_Request* r) { return MPI_Iexscan(from, to, count, type, op, ranks, r); });
}

int broadcast(void* values, int count, MPI_Datatype type, int root, MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Bcast(values, count, type, root, ranks); },
                [&](MPI_Request* r) { return MPI_Ibcast(values, count, type, root, ranks, r); });
}

int all_gather(const void* from, void* to, int count, MPI_Datatype type, MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Allgather(from, count, type, to, count, type, ranks); },
                [&](MPI_Request* r) { return MPI_Iallgather(from, count, type, to, count, type, ranks, r); });
}

int all_gather(const void* from, int count, void* to, const int* counts, const int* offsets,
               MPI_Datatype type, MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Allgatherv(from, count, type, to, counts, offsets, type, ranks); },
                [&](MPI_Request* r) {
                  return MPI_Iallgatherv(from, count, type, to, counts, offsets, type, ranks, r);
                });
}

int send(const void* values, int count, MPI_Datatype type, int to, int tag, MPI_Comm ranks) noexcept {
  return either([&] { return MPI_Send(values, count, type, to, tag, ranks); },
                [&](MPI_Request* r) { return MPI_Isend(values, count, type, to, tag, ranks, r); });
}

int receive(void* values, int count, MPI_Datatype type, int from, int tag, MPI_Comm ranks,
            MPI_Status* status) noexcept {
  return either([&] { return MPI_Recv(values, count, type, from, tag, ranks, status); },
                [&](MPI_Request* r) { return MPI_Irecv(values, count, type, from, tag, ranks, r); }, status);
}

}  // namespace weir::blocking
