#include <atomic>

#include <weir/mpi/release_guard.hpp>

namespace weir {
namespace {

std::atomic<int> marks = 0;
std::atomic<bool> abandoned = false;

}  // namespace

bool release_guard::may_release(int ranks) const noexcept {
  if (ranks == 1 || std::uncaught_exceptions() <= exceptions_) return true;
  // Inside a handler the mark may belong to the exception that is being handled, and the one that unwinds be
  // another: then giving up is the safe answer.
  if (marks.load() > 0 && std::current_exception() == nullptr) return true;
  abandoned = true;
  return false;
}

bool release_was_abandoned() noexcept {
  return abandoned;
}

agreement_mark::agreement_mark() noexcept {
  ++marks;
}
agreement_mark::agreement_mark(const agreement_mark&) noexcept {
  ++marks;
}
agreement_mark::agreement_mark(agreement_mark&&) noexcept {
  ++marks;
}
agreement_mark::~agreement_mark() {
  --marks;
}

}  // namespace weir
