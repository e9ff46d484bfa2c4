#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <mpi.h>

#include <weir/mpi/datatype.hpp>
#include <weir/mpi/release_guard.hpp>

namespace weir {

/// A nonblocking all-reduce under way, without its type. Owns the request; see pending_reduction.
class reduction_request {
 public:
  reduction_request(MPI_Comm comm, int ranks, void* values, std::size_t count, MPI_Datatype type,
                    reduction op);
  reduction_request(reduction_request&& other) noexcept
      : request_(std::exchange(other.request_, MPI_REQUEST_NULL)),
        ranks_(other.ranks_),
        guard_(other.guard_) {}
  reduction_request(const reduction_request&) = delete;
  reduction_request& operator=(const reduction_request&) = delete;
  ~reduction_request() = default;

  /// Whether it is complete; makes progress. Not collective.
  bool test();
  /// Returns when it is complete. Blocks until all ranks have started it.
  void wait();
  /// Whether the buffer is MPI's no longer. Waits for that, unless this rank unwinds alone.
  bool finish_in_destructor() noexcept;

 private:
  MPI_Request request_ = MPI_REQUEST_NULL;
  int ranks_;
  release_guard guard_;
};

/// The handle of communicator::start_all_reduce. Move-only; owns the values until they are taken. Its
/// destructor waits for the reduction if nobody did, because MPI cannot cancel a collective call.
template <reducible T>
class pending_reduction {
 public:
  pending_reduction(MPI_Comm comm, int ranks, std::vector<T> values, reduction op)
      : values_(std::make_unique<std::vector<T>>(std::move(values))),
        request_(comm, ranks, values_->data(), values_->size(), native_datatype<T>(), op) {}
  pending_reduction(pending_reduction&&) noexcept = default;
  pending_reduction(const pending_reduction&) = delete;
  pending_reduction& operator=(const pending_reduction&) = delete;
  ~pending_reduction() {
    // MPI may still write there: memory that is left behind is better than memory overwritten.
    if (!request_.finish_in_destructor()) static_cast<void>(values_.release());
  }

  /// Whether get() returns at once. Not collective; call it now and then, it also drives the reduction.
  bool ready() { return request_.test(); }

  /// Waits, and hands out the reduced values; call it once.
  std::vector<T> get() {
    request_.wait();
    return std::move(*values_);
  }

 private:
  std::unique_ptr<std::vector<T>> values_;
  reduction_request request_;
};

}  // namespace weir
