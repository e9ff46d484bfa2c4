#include <new>

#include <fmt/format.h>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/host.hpp>

namespace weir {
namespace {

bool can_be_agreed_on(const std::exception_ptr& exception) {
  if (release_was_abandoned()) return false;
  try {
    std::rethrow_exception(exception);
  } catch (const mpi_error&) {
    return false;
  } catch (...) {
    return true;
  }
}

bool names_place(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const agreed_error& e) {
    return e.names_place();
  } catch (...) {
    return false;
  }
}

}  // namespace

failure describe(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const error& e) {
    return {e.code(), e.what()};
  } catch (const std::bad_alloc&) {
    return {
        exit_code::internal,
        "there is not enough memory for an allocation; use fewer ranks a node or a smaller memory budget"};
  } catch (const std::exception& e) {
    return {exit_code::internal, fmt::format("internal error: {}", e.what())};
  } catch (...) {
    return {exit_code::internal, "internal error: an exception of an unknown type"};
  }
}

void agree_on(const communicator& comm, const std::exception_ptr& exception) {
  if (exception && !can_be_agreed_on(exception)) std::rethrow_exception(exception);
  const int lowest = comm.all_reduce(exception ? comm.rank() : comm.size(), reduction::min);
  if (lowest == comm.size()) return;

  failure mine;
  std::string place;
  if (exception) {
    mine = describe(exception);
    place = fmt::format(" (on rank {}, host {})", communicator::world().rank(), host_name());
  }
  failure first{static_cast<exit_code>(comm.broadcast(static_cast<int>(mine.code), lowest)),
                comm.broadcast(mine.sentence, lowest)};
  place = comm.broadcast(std::move(place), lowest);
  const bool named = comm.broadcast(exception && names_place(exception), lowest);
  const bool same = comm.all_of(exception && mine.code == first.code && mine.sentence == first.sentence);
  if (!named && !same) first.sentence += place;
  throw agreed_error(first.code, first.sentence, comm.rank(), comm.size(), named || !same);
}

}  // namespace weir
