#pragma once

#include <cstddef>
#include <memory>

#include <weir/jobs/batch.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/topology.hpp>

namespace weir::jobs {

/// What runs the jobs of a pool. Jobs wait until somebody asks for a result; then all ranks run them in
/// **rounds**. In a round every **unit**, a job or a chain of jobs each of which takes the result of the one
/// before, is run by the rank that is free next, without data going anywhere; a job that joins the results of
/// several units begins the next round. At a round's end every rank gets all results.
class engine {
 public:
  /// **Collective** over `world`, which must outlive the engine.
  engine(const communicator& world, domain_choice domains);
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  /// **Collective.** Jobs that nobody asked for are not run; a warning says how many.
  ~engine();

  const topology& places() const noexcept;

  /// Adds jobs to those that wait. The same on all ranks, without communication.
  void submit(std::shared_ptr<batch> jobs);

  /// **Collective.** Runs jobs until those of `jobs` are done. Throws agreed_error(usage) if the ranks have
  /// submitted different jobs. Inside a job: the calling rank alone runs what the job has submitted.
  void finish(const batch& jobs);
  /// **Collective.** Runs all jobs.
  void finish_all();
  /// **Collective.** Lets each rank run at most one more unit. Returns whether `jobs` are done.
  bool advance(const batch& jobs);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::jobs
