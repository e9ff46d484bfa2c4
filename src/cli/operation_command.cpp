#include "operation_command.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/files.hpp>
#include <weir/io/json_text.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/pipeline/run_rates.hpp>
#include <weir/topology.hpp>

#include "config_text.hpp"
#include "filter_report.hpp"
#include "progress.hpp"
#include "run_files.hpp"
#include "standard_streams.hpp"

namespace weir::cli {

namespace {

/// The rows that an operation meets: the chosen channels, from the recording's first sample to its last.
io::recording with_channels(const io::recording& input, const io::derivation& result,
                            const pipeline::preparation& prepare) {
  io::derivation rows = result;
  rows.samples.reset();
  // Results that are to be stored in float64 are computed in it, and so are integers that do not stay the
  // size they have in the file.
  const bool is_scaled_integer = !prepare.is_none() && input.type != sample_type::float32;
  const bool is_wide = result.type == sample_type::float64 || is_scaled_integer;
  rows.type = is_wide ? sample_type::float64 : input.type;
  return io::derive(input, rows);
}

/// Chooses the samples of one of the input's files.
void take_file(const many_output& to, io::derivation& chosen) {
  if (chosen.samples) {
    throw error(exit_code::usage,
                "--time chooses of the whole recording, and --output-per-file makes a file for each of its "
                "files; leave one out");
  }
  chosen.samples = io::file_descriptions(*to.input).samples(*to.file);
}

/// What a file's output holds is that part of the whole recording's: steps that depend on what comes out do
/// not go with it.
void require_own_samples(const pipeline::filter_job& job) {
  if (!job.result.rate.is_one()) {
    throw error(
        exit_code::usage,
        "--output-per-file keeps each file's samples, and --decimate and --resample do not; change the "
        "rate of the outputs in a run of its own, or make one output");
  }
  if (job.prepare.detrend != steps::trend_kind::none) {
    throw error(exit_code::usage,
                "--detrend takes one trend off all that comes out, and --output-per-file makes several "
                "outputs; detrend in a run of its own, or make one output");
  }
}

std::string with_steps(const std::string& steps, const std::string& filter) {
  if (steps.empty() || filter.empty()) return steps + filter;
  return fmt::format("{}, then {}", steps, filter);
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
  for (const many_output& one : outputs) {
    const pipeline::filter_job job = make_job(world, line, one);
    if (&one == &outputs.front() && !run_.is_plan()) many_files_.make_folder(world, output());
    const exit_code code = run_on(env, where, job);
    if (code != exit_code::done) return code;
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

exit_code operation_command::run_on(environment& env, const topology& where,
                                    const pipeline::filter_job& job) const {
  const communicator& world = env.world();
  const pipeline::run_plan plan = pipeline::make_plan(where, job);
  if (run_.is_plan()) {
    if (world.rank() == 0) print_result(to_text(plan, job));
    return exit_code::done;
  }
  if (const std::size_t support = support_of(job.operation); support > job.input.samples) {
    warn(world, fmt::format("each result depends on {} samples, and the recording has {}: what stands beyond "
                            "the recording's ends is in every result",
                            support, job.input.samples));
  }
  return run_job(env, where, job, plan);
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
  progress(talk_.progress(), 0);
  run_.check();
}

std::vector<std::string> operation_command::inputs() const {
  return {names_.begin(), names_.end() - 1};
}

pipeline::filter_job operation_command::make_job(const communicator& world, const std::string& line,
                                                 const many_output& to) const {
  const io::recording& input = *to.input;
  io::derivation result = agree(world, [&] {
    io::derivation chosen = selection_.resolve(input);
    if (to.file) take_file(to, chosen);
    preparation_.choose_values(input, chosen);
    return chosen;
  });
  pipeline::preparation prepare = preparation_.resolve(world, input, result);
  chosen_operation chosen = choose(world, with_channels(input, result, prepare));
  pipeline::filter_job job{.input = input,
                           .output = to.path,
                           .operation = std::move(chosen.what),
                           .result = std::move(result),
                           .of_file = to.file,
                           .prepare = std::move(prepare),
                           .refuses_nonfinite = preparation_.refuses_nonfinite(),
                           .boundary = chosen.ends,
                           .history = line,
                           .filtering = with_steps(preparation_.sentence(), chosen.sentence),
                           .options = options_json()};
  agree(world, [&] {
    job.result.rate = rate_of(job.operation);
    if (job.of_file) require_own_samples(job);
    if (job.output_recording().samples == 0) {
      throw error(exit_code::usage,
                  fmt::format("at the new rate no sample is left of samples {} to {}; choose a longer --time",
                              job.selected_samples().begin, job.selected_samples().end));
    }
    run_.fill(job);
    if (!run_.estimate_from().empty()) job.rates = pipeline::rates_of_file(run_.estimate_from());
    if (job.prepare.needs_all_rows() && job.split == split_axis::rows) {
      throw error(
          exit_code::usage,
          "--reference needs all channels of a sample together, and --split rows parts them; leave one out");
    }
  });
  return job;
}

/// Every option that a file of options could hold, with the value that this run used.
nlohmann::json operation_command::options_json() const {
  nlohmann::json options;
  for (const option& one : app_->options()) {
    if (!one.is_configurable() || one.key().empty()) continue;
    const auto values = one.values();
    nlohmann::json& value = options[one.key()];
    if (one.takes_several()) {
      value = values;
    } else {
      value = values.empty() ? one.default_text() : values.front();
    }
  }
  return options;
}

exit_code operation_command::run_job(environment& env, const topology& where, const pipeline::filter_job& job,
                                     const pipeline::run_plan& plan) const {
  const communicator& world = where.world();
  pipeline::run_report report;
  {
    std::optional<progress> shown;
    if (world.rank() == 0) shown.emplace(talk_.progress(), io::data_bytes(job.output_recording()));
    report = pipeline::run(where, job, plan, env.start(), [&](std::size_t done, std::size_t all) {
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
