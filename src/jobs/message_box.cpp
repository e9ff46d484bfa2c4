#include "message_box.hpp"

#include <weir/mpi/error.hpp>

namespace weir::jobs {
namespace {

constexpr int tag = 0;
constexpr int message_bytes = static_cast<int>(sizeof(message));

}  // namespace

void message_box::send(const message& what, int rank) {
  letter& sent = under_way_.emplace_back(letter{what});
  // Synchronous, so that completion means that the message has been received.
  check(MPI_Issend(&sent.content, message_bytes, MPI_BYTE, rank, tag, comm_.native(), &sent.request),
        "MPI_Issend");
}

std::optional<message> message_box::receive() {
  int has_come = 0;
  MPI_Message handle = MPI_MESSAGE_NULL;
  MPI_Status status;
  check(MPI_Improbe(MPI_ANY_SOURCE, tag, comm_.native(), &has_come, &handle, &status), "MPI_Improbe");
  if (has_come == 0) return std::nullopt;
  message received;
  check(MPI_Mrecv(&received, message_bytes, MPI_BYTE, &handle, &status), "MPI_Mrecv");
  return received;
}

bool message_box::all_received() {
  while (!under_way_.empty()) {
    int is_done = 0;
    check(MPI_Test(&under_way_.front().request, &is_done, MPI_STATUS_IGNORE), "MPI_Test");
    if (is_done == 0) return false;
    under_way_.pop_front();
  }
  return true;
}

polite_barrier::polite_barrier(const communicator& ranks) {
  check(MPI_Ibarrier(ranks.native(), &request_), "MPI_Ibarrier");
}

bool polite_barrier::is_complete() {
  int is_done = 0;
  check(MPI_Test(&request_, &is_done, MPI_STATUS_IGNORE), "MPI_Test");
  return is_done != 0;
}

}  // namespace weir::jobs
