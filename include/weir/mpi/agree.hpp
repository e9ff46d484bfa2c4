#pragma once

#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <weir/error.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/mpi/release_guard.hpp>

namespace weir {

/// The error that agree() throws on every rank of a communicator: the same exit code and the same sentence.
/// While it unwinds, destructors may make their collective calls.
class agreed_error : public error {
 public:
  agreed_error(exit_code code, const std::string& sentence, int rank, int ranks, bool names_place = false)
      : error(code, sentence), rank_(rank), ranks_(ranks), names_place_(names_place) {}

  /// This rank's number among those that agreed, and how many they are: one of them is to speak for all.
  int rank() const noexcept { return rank_; }
  int ranks() const noexcept { return ranks_; }
  /// Whether the sentence names a rank and a host.
  bool names_place() const noexcept { return names_place_; }
  const agreement_mark& mark() const noexcept { return mark_; }

 private:
  int rank_;
  int ranks_;
  bool names_place_;
  agreement_mark mark_;
};

/// What a person is told about an exception, and how the program ends.
struct failure {
  exit_code code = exit_code::internal;
  std::string sentence;
};

/// The sentence and code of any exception: those of an error, `what()` of other exceptions, plain words for
/// std::bad_alloc and for what is no std::exception. Not collective.
failure describe(const std::exception_ptr& exception);

/// The collective half of agree(): `exception` is what this rank caught, or null. Returns if no rank caught
/// one; throws agreed_error on all ranks if any did.
void agree_on(const communicator& comm, const std::exception_ptr& exception);

/// **Collective.** Calls `f()` and returns its result. If `f` threw on any rank, throws agreed_error on all:
/// the error of the lowest rank that threw, whose rank in the world and host are named if not all ranks threw
/// the same. Costs one all-reduce of an int when nothing was thrown.
///
/// `f` does the work of one rank: the other ranks learn of its failure only at its end, so it must not wait
/// for them after a point where it can throw alone. Two failures cannot be agreed on, because the other ranks
/// may be waiting elsewhere for ever; they pass through and end the job: an mpi_error, and any exception that
/// unwound a collective owner that lived inside `f`.
template <class F>
std::invoke_result_t<F> agree(const communicator& comm, F&& f) {
  using result = std::invoke_result_t<F>;
  static_assert(!std::is_reference_v<result>, "agree: return an object or nothing, not a reference");
  std::exception_ptr exception;
  if constexpr (std::is_void_v<result>) {
    try {
      std::forward<F>(f)();
    } catch (...) {
      exception = std::current_exception();
    }
    agree_on(comm, exception);
  } else {
    std::optional<result> value;
    try {
      value.emplace(std::forward<F>(f)());
    } catch (...) {
      exception = std::current_exception();
    }
    agree_on(comm, exception);
    return std::move(*value);
  }
}

}  // namespace weir
