#include "filter_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/version.hpp>

#include "result_file.hpp"

namespace weir::cli {
namespace {

void write(const std::string& path, const nlohmann::json& json) {
  constexpr bool may_replace = true;
  write_result_file(path, io::json_text(json, 2) + '\n', may_replace);
}

/// Writes the report again with the time from the last phase until now. The first one is whole: if this one
/// cannot be made, it stays.
void add_finalize(const std::string& path, nlohmann::json json, start_up::clock::time_point end) noexcept {
  try {
    const double seconds = std::chrono::duration<double>(start_up::clock::now() - end).count();
    json["phases"]["finalize"] = {
        {"min_seconds", seconds}, {"mean_seconds", seconds}, {"max_seconds", seconds}};
    for (const char* total : {"wall_seconds", "least_rank_seconds"}) {
      json[total] = json[total].get<double>() + seconds;
    }
    write(path, json);
  } catch (...) {
    // The report without this phase says no less about the work.
  }
}

std::string command_to_go_on(const pipeline::filter_job& job) {
  return fmt::format("{}{}", job.history, job.resume ? "" : " --resume");
}

}  // namespace

void write_report(environment& env, const topology& where, const std::string& path,
                  const pipeline::filter_job& job, const pipeline::run_plan& plan,
                  const pipeline::run_report& report) {
  if (path.empty()) return;
  from_first_rank(where.world(), [&] {
    nlohmann::json json = pipeline::report_json(where, job, plan, report);
    json["weir"] = version;
    write(path, json);
    if (would_be_replaced(path)) {
      env.after_end([path, json, end = report.end] { add_finalize(path, json, end); });
    }
    return std::string();
  });
}

void warn_of_samples(const communicator& world, const pipeline::filter_job& job,
                     const pipeline::run_report& report) {
  const io::recording output = job.output_recording();
  const std::uint64_t samples = std::uint64_t{output.channels} * output.samples;
  if (report.clipped > 0) {
    warn(world, fmt::format("{} of {} samples did not fit {} and were clipped to its range", report.clipped,
                            samples, name_of(output.type)));
  }
  if (report.nonfinite > 0) {
    const std::uint64_t input_samples = std::uint64_t{output.channels} * job.selected_samples().size();
    const std::string reached =
        job.prepare.detrend == steps::trend_kind::none
            ? fmt::format("the {} output samples that depend on it", support_of(job.operation))
            : "all of its channel, whose trend it is in";
    warn(world,
         fmt::format("{} of {} input samples are NaN or infinite; each spreads over {}{}", report.nonfinite,
                     input_samples, reached,
                     job.prepare.needs_all_rows() ? ", and by the reference over other channels" : ""));
  }
}

std::string how_to_go_on(const pipeline::filter_job& job) {
  return fmt::format("weir: stopped before '{}' was begun; go on with: {}\n", job.output,
                     command_to_go_on(job));
}

std::string how_to_go_on(const pipeline::filter_job& job, const pipeline::run_report& report) {
  const std::string command = command_to_go_on(job);
  if (!report.has_trends) {
    return fmt::format(
        "weir: stopped before the trends of all channels were known, for which the recording is "
        "read once from its beginning; give the next run more time: {}\n",
        command);
  }
  const double part = static_cast<double>(report.bytes_filtered) /
                      static_cast<double>(io::data_bytes(job.output_recording()));
  return fmt::format(
      "weir: stopped at a checkpoint, {:.0f} % of the output made by this run; go on with: {}\n", 100 * part,
      command);
}

std::string summary(const pipeline::filter_job& job, const pipeline::run_report& report) {
  std::string phases;
  for (std::size_t p = 0; p < pipeline::phase_names.size(); ++p) {
    constexpr double shown_from = 0.005;
    if (report.mean_seconds[p] < shown_from) continue;
    phases += fmt::format("{}{} {:.2f}", phases.empty() ? "" : ", ", pipeline::phase_names[p],
                          report.mean_seconds[p]);
  }
  const io::recording output = job.output_recording();
  const double rate = static_cast<double>(io::data_bytes(output)) / report.wall_seconds;
  return fmt::format("{}: {} channels x {} samples, {}\n{:.2f} s, {}/s ({}), {} at most on a node\n",
                     job.output, output.channels, output.samples,
                     job.filtering.empty() ? "no filter" : job.filtering, report.wall_seconds,
                     format_bytes(static_cast<std::uint64_t>(rate)), phases,
                     format_bytes(report.peak_node_bytes));
}

}  // namespace weir::cli
