#include "operation_command.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/topology.hpp>

#include "config_text.hpp"
#include "filter_report.hpp"
#include "progress.hpp"
#include "run_files.hpp"
#include "standard_streams.hpp"

namespace weir::cli {
namespace {

/// The part of the output that earlier runs made.
double part_done(const pipeline::run_plan& plan) {
  if (!plan.begun.state) return 0;
  return static_cast<double>(plan.begun.state->done.size()) / static_cast<double>(plan.blocks.size());
}

}  // namespace

void operation_command::add_options(option_list& app) {
  app_ = &app;
  app.add_option(
         "FILES", names_,
         "the recording to read: an HDF5 file, or several that follow one another in time, a folder of "
         "them, or a quoted pattern such as 'day1/*.h5'; and last where the result goes")
      ->type_name("IN... OUT");
  add_operation_options(app);
  recording_.add_options(app);
  many_files_.add_options(app);
  selection_.add_options(app);
  preparation_.add_options(app);
  app.add_option("--accumulate", accumulate_,
                 "arithmetic; auto: float32 for float32 and 16-bit integers, else float64")
      ->one_of({"auto", "float32", "float64"})
      ->capture_default_str();
  run_.add_options(app);
  talk_.add_options(app);
  talk_.add_progress_option(app);
  app.add_file_option("--config", "read options from a TOML file; those of the command line win");
  app.add_flag("--print-config", print_config_, "print the options as such a file, and end")
      ->configurable(false);
}

exit_code operation_command::run(environment& env, const std::string& line) {
  const communicator& world = env.world();
  if (print_config_) {
    const std::string text = agree(world, [this] { return config_text(*app_); });
    if (world.rank() == 0) print_result(text);
    return exit_code::done;
  }
  agree(world, [this] { check_options(); });
  talk_.check_log(world, inputs(), app_->files_read());
  agree(world, [this] { talk_.apply(); });
  const topology where(world, agree(world, [this] { return run_.domains(); }));
  if (const auto sentence = where.oversubscription(1)) warn(world, *sentence);

  const std::vector<io::recording> stretches = many_files_.inspect(world, inputs(), recording_.overrides());
  const std::vector<many_output> outputs = agree(world, [&] {
    std::vector<many_output> all = many_files_.outputs(stretches, output());
    if (all.size() > 1 && !run_.report().empty()) {
      throw error(exit_code::usage, "--report tells of one output, and there are several here; leave it out");
    }
    return all;
  });
  if (!run_.is_plan()) check_outputs(world, stretches, outputs);
  // One for all outputs: what reaches a rank while it is between two of them counts as well.
  std::optional<pipeline::stop_request> stop;
  bool has_worked = false;
  for (const many_output& one : outputs) {
    const pipeline::filter_job job = make_job(world, line, one);
    if (!stop && !run_.is_plan()) {
      many_files_.make_folder(world, output());
      stop.emplace(run_.max_time(), env.start().begin());
    }
    const pipeline::run_plan plan = pipeline::make_plan(where, job);
    if (run_.is_plan()) {
      if (world.rank() == 0) print_result(to_text(plan, job));
      continue;
    }
    if (has_worked && world.any_of(stop->is_asked({}))) {
      if (world.rank() == 0) print_message(how_to_go_on(job));
      return exit_code::stopped;
    }
    const exit_code code = run_job(env, where, job, plan, *stop);
    if (code != exit_code::done) return code;
    has_worked = has_worked || !plan.begun.is_complete;
  }
  return exit_code::done;
}

/// Before the first output is made: what cannot be of the last one is not to cost the work of all others.
void operation_command::check_outputs(const communicator& world, const std::vector<io::recording>& stretches,
                                      const std::vector<many_output>& outputs) const {
  from_first_rank(world, [&] {
    run_files files{.read = app_->files_read(),
                    .texts = {{"--report", run_.report()}},
                    .overwrite = run_.overwrite(),
                    .resume = run_.resume()};
    for (const io::recording& stretch : stretches) files.inputs.push_back(&stretch);
    for (const many_output& one : outputs) files.outputs.push_back(one.path);
    std::error_code fault;
    if (many_files_.goes_to_folder() && !std::filesystem::is_directory(output(), fault)) {
      files.new_folder = output();
    }
    check_files(files);
    return std::string();
  });
}

std::optional<sample_type> operation_command::asked_arithmetic() const {
  if (accumulate_ == "auto") return std::nullopt;
  return accumulate_ == "float32" ? sample_type::float32 : sample_type::float64;
}

void operation_command::check_options() const {
  const auto missing = std::ranges::find(names_, std::string());
  if (names_.size() < 2 || missing != names_.end()) {
    const bool lacks_input = names_.empty() || (missing != names_.end() && missing != names_.end() - 1);
    throw error(exit_code::usage, fmt::format("the {} is missing; say weir {} IN OUT",
                                              lacks_input ? "input" : "output", name_));
  }
  many_files_.check();
  talk_.progress();
  run_.check();
}

std::vector<std::string> operation_command::inputs() const {
  return {names_.begin(), names_.end() - 1};
}

exit_code operation_command::run_job(environment& env, const topology& where, const pipeline::filter_job& job,
                                     const pipeline::run_plan& plan,
                                     const pipeline::stop_request& stop) const {
  const communicator& world = where.world();
  if (const std::size_t support = support_of(job.operation); support > job.input.samples) {
    warn(world, fmt::format("each result depends on {} samples, and the recording has {}: what stands beyond "
                            "the recording's ends is in every result",
                            support, job.input.samples));
  }
  pipeline::run_report report;
  {
    std::optional<progress> shown;
    if (const auto style = talk_.progress(); style && world.rank() == 0) {
      shown.emplace(*style, io::data_bytes(job.output_recording()), part_done(plan));
    }
    report = pipeline::run(where, job, plan, stop, env.start(), [&](std::size_t done, std::size_t all) {
      if (shown) (*shown)(done, all);
    });
  }
  warn_of_samples(world, job, report);
  write_report(env, where, run_.report(), job, plan, report);
  if (!report.is_complete) {
    if (world.rank() == 0) print_message(how_to_go_on(job, report));
    return exit_code::stopped;
  }
  if (world.rank() == 0 && !talk_.quiet()) {
    print_result(plan.begun.is_complete ? fmt::format("{}: is complete already\n", job.output)
                                        : summary(job, report));
  }
  return exit_code::done;
}

}  // namespace weir::cli
