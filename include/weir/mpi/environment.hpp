#pragma once

#include <functional>
#include <string>
#include <utility>

#include <weir/error.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/mpi/start_up.hpp>

namespace weir {

/// MPI's life in a program: MPI_Init at its beginning, MPI_Finalize at its end. Make one, in main, or let
/// run_main() make it. Every communicator returns its errors, which are thrown as mpi_error. Only the thread
/// that made the environment may call MPI. An exception that nobody catches is told in one line on stderr and
/// ends all ranks. Not movable.
class environment {
 public:
  /// **Collective** over the job. Starts Open MPI without the libraries of networks where all ranks are on
  /// one node, unless OMPI_MCA_pml is set. Takes MPI's own arguments away. Throws error(internal) if MPI does
  /// not start.
  environment(int& argc, char**& argv);
  environment(const environment&) = delete;
  environment& operator=(const environment&) = delete;
  /// **Collective** over the job; ends the job instead if this rank alone unwinds.
  ~environment();

  const communicator& world() const noexcept { return world_; }
  /// The ranks that can share memory with this one, in the order of the world.
  const communicator& node() const noexcept { return node_; }
  const std::string& host() const noexcept { return host_; }
  /// What this process did with its time until MPI was there.
  const start_up& start() const noexcept { return start_; }

  /// Has `last` called when MPI has ended in good order, by the destructor. It must not throw. Not
  /// collective.
  void after_end(std::function<void()> last) { last_ = std::move(last); }

  /// What a report says about MPI: the library with its version, and the standard it implements ("3.1").
  static std::string library_version();
  static std::string standard_version();

 private:
  communicator world_;
  communicator node_;
  std::string host_;
  start_up start_;
  std::function<void()> last_;
  release_guard guard_;
};

/// What a program does between MPI's start and its end, and what it says to its caller.
using program_body = std::function<exit_code(environment&)>;

/// The program's top level; **collective** over the job. Calls `body` and returns what main() is to return.
/// An agreed_error of the whole world is printed once, by rank 0, as `weir: error: ...`, and all ranks end
/// normally with its exit code. Any other exception is printed by its rank (or, if a group of ranks agreed on
/// it, by the group's first), with rank and host where there are several ranks, and ends all ranks by
/// MPI_Abort with its exit code, so that none waits for the one that threw.
int run_main(int argc, char** argv, const program_body& body);

}  // namespace weir
