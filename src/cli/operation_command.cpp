#include "operation_command.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/json_text.hpp>
#include <weir/io/output.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/topology.hpp>

#include "config_text.hpp"
#include "filter_report.hpp"
#include "progress.hpp"

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

std::string with_steps(const std::string& steps, const std::string& filter) {
  return steps.empty() ? filter : fmt::format("{}, then {}", steps, filter);
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
    if (world.rank() == 0) fmt::print("{}", config_text(*app_));
    return exit_code::done;
  }
  agree(world, [this] { check_options(); });
  const topology where(world, agree(world, [this] { return run_.domains(); }));
  if (const auto sentence = where.oversubscription(1)) warn(world, *sentence);

  const std::vector<io::recording> stretches = many_files_.inspect(world, inputs(), recording_.overrides());
  const auto outputs =
      io::unpack(from_first_rank(world, [&] {
        if (stretches.size() > 1 && !run_.report().empty()) {
          throw error(exit_code::usage,
                      "--report tells of one output, and --split-at-gaps makes several here; "
                      "leave it out");
        }
        return io::pack(many_files_.outputs(stretches, output(), run_.is_plan()));
      })).get<std::vector<std::string>>();
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const exit_code code = run_on(env, where, make_job(world, line, stretches[i], outputs[i]));
    if (code != exit_code::done) return code;
  }
  return exit_code::done;
}

exit_code operation_command::run_on(environment& env, const topology& where,
                                    const pipeline::filter_job& job) const {
  const communicator& world = env.world();
  const pipeline::run_plan plan = pipeline::make_plan(where, job);
  if (run_.is_plan()) {
    if (world.rank() == 0) fmt::print("{}", to_text(plan, job));
    return exit_code::done;
  }
  if (const std::size_t support = support_of(job.operation); support > job.input.samples) {
    warn(world, fmt::format("each result depends on {} samples, and the recording has {}: what stands beyond "
                            "the recording's ends is in every result",
                            support, job.input.samples));
  }
  std::vector<std::string> taken = inputs();
  taken.insert(taken.end(), {job.output, io::part_path(job.output)});
  check_report(world, run_.report(), taken);
  return run_job(env, where, job, plan);
}

std::optional<sample_type> operation_command::asked_arithmetic() const {
  if (accumulate_ == "auto") return std::nullopt;
  return accumulate_ == "float32" ? sample_type::float32 : sample_type::float64;
}

void operation_command::check_options() const {
  talk_.apply();
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

/// Which files would be cut where is not worked out: a whole recording is filtered, and its output is cut.
io::derivation operation_command::selected(const io::recording& input) const {
  io::derivation result = selection_.resolve(input);
  if (!input.files.empty() && !result.is_whole()) {
    throw error(
        exit_code::usage,
        "--channels and --time choose from a recording in one file, and this one is in several; filter "
        "it whole first");
  }
  return result;
}

pipeline::filter_job operation_command::make_job(const communicator& world, const std::string& line,
                                                 const io::recording& input,
                                                 const std::string& output) const {
  io::derivation result = agree(world, [&] {
    io::derivation chosen = selected(input);
    preparation_.choose_values(input, chosen);
    return chosen;
  });
  pipeline::preparation prepare = preparation_.resolve(world, input, result);
  chosen_operation chosen = choose(world, with_channels(input, result, prepare));
  pipeline::filter_job job{.input = input,
                           .output = output,
                           .operation = std::move(chosen.what),
                           .result = std::move(result),
                           .prepare = std::move(prepare),
                           .refuses_nonfinite = preparation_.refuses_nonfinite(),
                           .boundary = chosen.ends,
                           .history = line,
                           .filtering = with_steps(preparation_.sentence(), chosen.sentence),
                           .options = options_json()};
  agree(world, [&] {
    job.result.rate = rate_of(job.operation);
    if (job.result.samples && !job.result.rate.is_one()) {
      throw error(
          exit_code::usage,
          "--time does not go together with --decimate or --resample; take the span in a run of its own");
    }
    run_.fill(job);
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
    if (world.rank() == 0) fmt::print(stderr, "{}", how_to_go_on(job, report));
    return exit_code::stopped;
  }
  if (world.rank() == 0 && !talk_.quiet()) {
    fmt::print("{}", plan.begun.is_complete ? fmt::format("{}: is complete already\n", job.output)
                                            : summary(job, report));
  }
  return exit_code::done;
}

}  // namespace weir::cli
