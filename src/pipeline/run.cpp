#include <weir/io/output.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>

#include "arithmetic.hpp"
#include "filter_run.hpp"

namespace weir::pipeline {
namespace {

/// Creates OUT.part on rank 0 and tells all ranks what it is. **Collective** over the world.
io::recording create(const topology& where, const filter_job& job) {
  const std::string created = from_first_rank(where.world(), [&] {
    const io::created_output out = io::create_output(job.input, job.output,
                                                     {.overwrite = job.overwrite,
                                                      .history = job.history,
                                                      .provenance = job.options,
                                                      .taps = job.filter.taps,
                                                      .filtering = job.filtering});
    return nlohmann::json{{"part", out.part}, {"warnings", out.warnings}}.dump();
  });
  const auto json = nlohmann::json::parse(created);
  for (const auto& sentence : json.at("warnings")) warn(where.world(), sentence.get<std::string>());
  return json.at("part").get<io::recording>();
}

}  // namespace

run_report run(const topology& where, const filter_job& job, const run_plan& plan,
               const progress_callback& progress) {
  rank_counts counts;
  std::optional<phase_clock> clock(counts);
  const io::recording part = create(where, job);
  try {
    with_arithmetic(where.world(), job, [&]<class A>(const fir::row_filter<A>& filter) {
      visit_sample_type(job.input.type, [&]<sample S>(S) {
        filter_run<S, A>(where, job, plan, part, filter, counts, *clock).run(progress);
      });
    });
    clock->enter(phase::finish);
    const nlohmann::json results{
        {"clipped_samples", where.world().all_reduce(counts.clipped, reduction::sum)},
        {"nonfinite_samples", where.world().all_reduce(counts.nonfinite, reduction::sum)}};
    from_first_rank(where.world(), [&] {
      io::finish_output(part, job.output, results, job.overwrite);
      return std::string();
    });
  } catch (const agreed_error&) {
    if (where.world().rank() == 0) io::discard_output(part);
    throw;
  }
  clock.reset();
  return summarise(where, plan, counts);
}

}  // namespace weir::pipeline
