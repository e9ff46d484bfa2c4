#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/io/files.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/pipeline/run_rates.hpp>

#include "operation_command.hpp"

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
                           .known_files = to.known_files,
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

}  // namespace weir::cli
