#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/environment.hpp>
#include <weir/mpi/error.hpp>
#include <weir/mpi/host.hpp>

#include "line.hpp"
#include "one_node_start.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

/// Ranks that fail at the same time speak in order of rank, this far apart, so that the first one's
/// MPI_Abort silences the others.
constexpr auto turn_to_speak = 100ms;
constexpr int turns = 10;
/// How long the ranks of a group wait for the one that speaks for them before they end the job themselves.
constexpr auto patience = 2000ms;

void say_error(const std::string& sentence) noexcept {
  try {
    write_line(stderr_descriptor, fmt::format("weir: error: {}", sentence));
  } catch (...) {
    write_line(stderr_descriptor, "weir: error: there is not enough memory to say more");
  }
}

[[noreturn]] void abort_job(exit_code code) noexcept {
  std::fflush(stdout);
  // MPICH's launcher does not always read what a rank said before it ended the job.
  await_reader(stderr_descriptor);
  MPI_Abort(MPI_COMM_WORLD, static_cast<int>(code));
  std::_Exit(static_cast<int>(code));
}

bool mpi_is_running() noexcept {
  int initialized = 0;
  int finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  return initialized != 0 && finalized == 0;
}

/// Tells the exception that this rank did not share with all others, and ends the job.
[[noreturn]] void fail_alone(const failure& what) noexcept {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::this_thread::sleep_for(turn_to_speak * std::min(rank, turns));
  try {
    say_error(fmt::format("{} (on rank {}, host {})", what.sentence, rank, host_name()));
  } catch (...) {
    say_error(what.sentence);
  }
  abort_job(what.code);
}

/// std::terminate's handler: for programs that have an environment and no run_main(), and for exceptions that
/// leave a thread or a destructor.
[[noreturn]] void end_of_the_job() noexcept {
  const std::exception_ptr exception = std::current_exception();
  failure what{exit_code::internal, "std::terminate was called"};
  try {
    if (exception) what = describe(exception);
  } catch (...) {  // the plain sentence must do
  }
  if (mpi_is_running()) fail_alone(what);
  say_error(what.sentence);
  std::_Exit(static_cast<int>(what.code));
}

/// The part of run_main() that follows an exception out of the body. Returns if the job can end normally.
void tell(const communicator& world, const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const agreed_error& e) {
    const bool together = e.ranks() == world.size() && !release_was_abandoned();
    if (e.rank() == 0) say_error(e.what());
    if (together) return;
    if (e.rank() != 0) std::this_thread::sleep_for(patience);
    abort_job(e.code());
  } catch (...) {
    const failure what = describe(exception);
    if (world.size() > 1) fail_alone(what);
    say_error(what.sentence);
  }
}

}  // namespace

std::string host_name() {
  std::array<char, MPI_MAX_PROCESSOR_NAME> name{};
  int length = 0;
  check(MPI_Get_processor_name(name.data(), &length), "MPI_Get_processor_name");
  return {name.data(), static_cast<std::size_t>(length)};
}

environment::environment(int& argc, char**& argv) {
  start_ = time_until_now();
  const start_up::clock::time_point called = start_up::clock::now();
  int provided = MPI_THREAD_SINGLE;
  {
    const one_node_start settings;
    check(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  }
  start_.end = start_up::clock::now();
  start_.mpi_init = std::chrono::duration<double>(start_.end - called).count();
  // Communicators inherit the handler from the one that they are made of.
  check(MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check(MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  if (provided < MPI_THREAD_FUNNELED) {
    throw error(exit_code::internal, "this MPI library does not allow threads beside MPI; use another one");
  }
  world_ = communicator::world();
  node_ = world_.split_shared();
  host_ = host_name();
  set_log_place(world_.rank(), host_);
  std::set_terminate(end_of_the_job);
}

environment::~environment() {
  if (!mpi_is_running()) return;
  if (!guard_.may_release(world_.size())) {
    fail_alone({exit_code::internal, "an exception that the other ranks do not share ends the program"});
  }
  node_ = communicator();
  check_in_destructor(MPI_Finalize(), "MPI_Finalize");
  if (last_) last_();
}

std::string environment::library_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  check(MPI_Get_library_version(text.data(), &length), "MPI_Get_library_version");
  const std::string whole(text.data(), static_cast<std::size_t>(length));
  // Libraries add their build's details after a line end or, in Open MPI, a comma.
  return whole.substr(0, whole.find_first_of(",\n"));
}

std::string environment::standard_version() {
  int version = 0;
  int subversion = 0;
  check(MPI_Get_version(&version, &subversion), "MPI_Get_version");
  return fmt::format("{}.{}", version, subversion);
}

int run_main(int argc, char** argv, const program_body& body) {
  try {
    environment env(argc, argv);
    try {
      return static_cast<int>(body(env));
    } catch (...) {
      const std::exception_ptr exception = std::current_exception();
      tell(env.world(), exception);
      return static_cast<int>(describe(exception).code);
    }
  } catch (...) {
    const failure what = describe(std::current_exception());
    say_error(what.sentence);
    return static_cast<int>(what.code);
  }
}

}  // namespace weir
