#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include <mpi.h>

#include <weir/mpi/communicator.hpp>

namespace weir::jobs {

/// What the ranks of different domains say to one another.
struct message {
  enum class kind : std::uint32_t { request, grant };

  kind what = kind::request;
  std::uint32_t domain = 0;  ///< that asks
  std::uint32_t serial = 0;  ///< of the request, counted by its domain
  std::uint32_t begin = 0;   ///< of the units granted
  std::uint32_t end = 0;
  std::uint32_t left = 0;   ///< units that are still at home
  std::uint64_t done = 0;   ///< units that the domain has done
  double unit_seconds = 0;  ///< what one took it on average; 0 if it does not know
  double longest_seconds = 0;
};

/// Small messages that nobody waits for. Not movable; owns a communicator of its own and the messages that
/// are under way, of which there are none any more when it ends.
class message_box {
 public:
  /// **Collective.**
  explicit message_box(const communicator& ranks) : comm_(ranks.duplicate()) {}
  message_box(const message_box&) = delete;
  message_box& operator=(const message_box&) = delete;

  const communicator& ranks() const noexcept { return comm_; }

  /// Starts to send; not collective.
  void send(const message& what, int rank);
  /// The next message that has come, if any; not collective.
  std::optional<message> receive();
  /// Whether all that this rank has sent has been received. Makes progress.
  bool all_received();

 private:
  struct letter {
    message content;
    MPI_Request request = MPI_REQUEST_NULL;
  };

  communicator comm_;
  std::deque<letter> under_way_;  ///< whose elements stay where they are
};

/// All ranks have come to a point, without a rank that sits in MPI's own barrier and keeps a core. Owns the
/// request.
class polite_barrier {
 public:
  /// **Collective.** Returns at once.
  explicit polite_barrier(const communicator& ranks);
  polite_barrier(const polite_barrier&) = delete;
  polite_barrier& operator=(const polite_barrier&) = delete;

  /// Whether all have come. Makes progress; not collective.
  bool is_complete();

 private:
  MPI_Request request_ = MPI_REQUEST_NULL;
};

}  // namespace weir::jobs
