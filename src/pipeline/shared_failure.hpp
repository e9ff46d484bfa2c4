#pragma once

#include <exception>
#include <utility>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/communicator.hpp>

namespace weir::pipeline {

/// Carries the first exception of a rank to a place where all ranks are, so that none waits for one that
/// threw. Between such places a rank that failed goes on meeting the others, without doing work.
class shared_failure {
 public:
  /// Runs `f` unless something failed before; keeps what it throws. Not collective.
  template <class F>
  void attempt(F&& f) noexcept {
    if (first_) return;
    try {
      std::forward<F>(f)();
    } catch (...) {
      first_ = std::current_exception();
    }
  }

  bool failed() const noexcept { return first_ != nullptr; }

  /// **Collective.** Throws the failure of the lowest rank that has one on all ranks; returns if none has.
  void rethrow_on_all(const communicator& all) const {
    agree(all, [this] {
      if (first_) std::rethrow_exception(first_);
    });
  }

 private:
  std::exception_ptr first_;
};

}  // namespace weir::pipeline
