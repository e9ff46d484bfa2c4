#pragma once

#include <exception>
#include <string>
#include <utility>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/mpi/error.hpp>

namespace weir {

/// **Collective.** Work that one rank does for all, such as looking at a file: rank 0 calls `f`, and every
/// rank gets the text that it returns. If `f` throws, `agreed_error` is thrown on every rank with the same
/// exit code and sentence; no rank is named in it, because which one did the work is not the user's concern.
template <class F>
std::string from_first_rank(const communicator& all, F&& f) {
  std::string text;
  exit_code code = exit_code::done;
  if (all.rank() == 0) {
    try {
      text = std::forward<F>(f)();
    } catch (const mpi_error&) {
      throw;  // the other ranks may be waiting elsewhere: this ends the job
    } catch (...) {
      const failure what = describe(std::current_exception());
      code = what.code;
      text = what.sentence;
    }
  }
  code = all.broadcast(code, 0);
  text = all.broadcast(std::move(text), 0);
  if (code != exit_code::done) throw agreed_error(code, text, all.rank(), all.size());
  return text;
}

}  // namespace weir
