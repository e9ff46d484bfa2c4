#pragma once

#include <exception>

namespace weir {

/// For owners whose release is a collective call (windows, communicators). A destructor that runs because
/// one rank alone unwinds from an exception must not make that call: the other ranks would not join it. It
/// asks this guard, and where the answer is no it leaves its resource behind; from then on agree() no longer
/// agrees and run_main() ends the whole job, with the exception's sentence.
class release_guard {
 public:
  release_guard() noexcept : exceptions_(std::uncaught_exceptions()) {}

  /// Whether an owner shared by `ranks` ranks may be released now: nothing unwinds, or what unwinds is an
  /// agreed_error, which unwinds alike on all ranks, or there are no other ranks. Records a no.
  bool may_release(int ranks) const noexcept;

 private:
  int exceptions_;
};

/// Whether this rank has left a collective resource behind.
bool release_was_abandoned() noexcept;

/// Lives in every agreed_error, so that release_guard knows that one is on its way. A copy has no part in
/// that: it is what a handler keeps of an error that has ended.
class agreement_mark {
 public:
  agreement_mark() noexcept;
  agreement_mark(const agreement_mark&) noexcept {}
  agreement_mark(agreement_mark&& from) noexcept;
  agreement_mark& operator=(const agreement_mark&) noexcept { return *this; }
  agreement_mark& operator=(agreement_mark&&) noexcept { return *this; }
  ~agreement_mark();

  /// How many exceptions unwound when the error was thrown; `none` for a copy.
  int exceptions() const noexcept { return exceptions_; }
  static constexpr int none = -1;

 private:
  int exceptions_ = none;
};

}  // namespace weir
