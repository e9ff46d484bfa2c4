#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <utility>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/release_guard.hpp>

namespace weir {
namespace {

/// How many agreed_errors there are that were thrown while so many exceptions unwound, copies aside. While
/// such a one unwinds itself there is one exception more. Deeper ones share the last place.
std::array<std::atomic<int>, 8> thrown_at{};
std::atomic<bool> abandoned = false;

std::atomic<int>& thrown_below(int exceptions) noexcept {
  return thrown_at[std::min(static_cast<std::size_t>(exceptions), thrown_at.size() - 1)];
}

/// Whether a handler that has not been left has caught one of them.
bool is_handled(int exceptions) noexcept {
  const std::exception_ptr caught = std::current_exception();
  if (!caught) return false;
  try {
    std::rethrow_exception(caught);
  } catch (const agreed_error& e) {
    return e.mark().exceptions() == exceptions;
  } catch (...) {
    return false;
  }
}

}  // namespace

bool release_guard::may_release(int ranks) const noexcept {
  const int exceptions = std::uncaught_exceptions();
  if (ranks == 1 || exceptions <= exceptions_) return true;
  // The one that a handler has caught does not unwind; with no other, giving up is the safe answer.
  const int handled = is_handled(exceptions - 1) ? 1 : 0;
  if (thrown_below(exceptions - 1) > handled) return true;
  abandoned = true;
  return false;
}

bool release_was_abandoned() noexcept {
  return abandoned;
}

agreement_mark::agreement_mark() noexcept : exceptions_(std::uncaught_exceptions()) {
  ++thrown_below(exceptions_);
}

agreement_mark::agreement_mark(agreement_mark&& from) noexcept
    : exceptions_(std::exchange(from.exceptions_, none)) {}

agreement_mark::~agreement_mark() {
  if (exceptions_ != none) --thrown_below(exceptions_);
}

}  // namespace weir
