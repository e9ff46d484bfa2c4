#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/run.hpp>

#include "commands.hpp"
#include "filter_report.hpp"
#include "recording_options.hpp"
#include "standard_streams.hpp"
#include "sweep_outputs.hpp"
#include "sweep_run.hpp"
#include "sweep_score.hpp"
#include "sweep_table.hpp"
#include "swept_filters.hpp"
#include "talk_options.hpp"

namespace weir::cli {
namespace {

class sweep_command : public command {
 public:
  void add_options(option_list& app) override {
    app.add_option("IN", input_, "recording to filter, an HDF5 file")->required();
    filters_.add_options(app);
    recording_.add_options(app);
    const std::string group = "Score";
    app.add_option(
           "--score", score_,
           "rms; band-power: mean square in --band; snr: decibels of --band over the rest; difference: rms "
           "of the difference to --reference")
        ->one_of({"rms", "band-power", "snr", "difference"})
        ->capture_default_str()
        ->group(group);
    app.add_option("--band", band_, "frequencies from LO to HI Hz that are signal")
        ->type_name("LO HI")
        ->expected(2)
        ->group(group);
    app.add_option("--reference", reference_, "recording of the same shape that the output should be like")
        ->type_name("FILE")
        ->group(group);
    app.add_option("--best", best_, "which score wins [highest for band-power and snr, else lowest]")
        ->one_of({"highest", "lowest"})
        ->group(group);
    outputs_.add_options(app);
    app.add_option("--ranks-per-domain", ranks_per_domain_,
                   "ranks that share one copy of the recording: node, numa, or a number of them")
        ->type_name("K|node|numa")
        ->capture_default_str();
    talk_.add_options(app);
    talk_.add_progress_option(app);
  }

  bool is_parallel() const override { return true; }

  exit_code run(environment& env, const std::string& line) override {
    const communicator& world = env.world();
    agree(world, [this] { check_options(); });
    std::vector<std::string> inputs{input_};
    if (!reference_.empty()) inputs.push_back(reference_);
    talk_.check_log(world, inputs, agree(world, [this] { return filters_.files_read(); }));
    agree(world, [this] { talk_.apply(); });
    const topology where(world, agree(world, [this] { return domain_choice::parse(ranks_per_domain_); }));
    sweep_work work{.input = recording_.inspect(world, input_),
                    .score = score_named(score_),
                    .domains = domain_choice::parse(ranks_per_domain_),
                    .progress = talk_.progress()};
    const io::recording& what = work.input;
    work.band = agree(world, [&] { return band_of(what); });
    if (!reference_.empty()) work.reference = reference_recording(world, what);

    sweep_table table = agree(world, [this] { return filters_.grid(); });
    table.score = score_;
    agree(world, [&] { outputs_.check_options(table); });
    std::vector<const io::recording*> recordings{&what};
    if (work.reference) recordings.push_back(&*work.reference);
    outputs_.check_places(world, recordings, agree(world, [this] { return filters_.files_read(); }));
    work.filters = agree(world, [&] { return swept_filters::resolve(table, world, what.sampling_rate); });
    table.scores = run_sweep(where, work);
    table.best = best_of(world, table.scores);
    show(world, table);
    if (outputs_.kept().empty()) return exit_code::done;
    return keep(where, what, work.filters[table.best], options_of(table), line);
  }

 private:
  void check_options() const {
    talk_.progress();
    const score_kind kind = score_named(score_);
    if ((kind == score_kind::band_power || kind == score_kind::snr) && band_.empty()) {
      throw error(exit_code::usage,
                  fmt::format("--score {} needs the band; give --band LO HI in Hz", score_));
    }
    if ((kind == score_kind::difference) == reference_.empty()) {
      throw error(exit_code::usage,
                  "--score difference and --reference FILE go together; give both or neither");
    }
  }

  std::optional<frequency_band> band_of(const io::recording& what) const {
    if (band_.empty()) return std::nullopt;
    if (!what.sampling_rate) {
      throw error(exit_code::usage, "--band is in Hz and the recording does not say its rate; give --fs HZ");
    }
    if (!(band_[0] >= 0) || !(band_[1] > band_[0]) || band_[0] > *what.sampling_rate / 2) {
      throw error(exit_code::usage,
                  fmt::format("--band got {} to {} Hz; give two rising frequencies below {} Hz", band_[0],
                              band_[1], *what.sampling_rate / 2));
    }
    return frequency_band{band_[0], band_[1], *what.sampling_rate};
  }

  io::recording reference_recording(const communicator& world, const io::recording& what) const {
    const io::recording reference = recording_.inspect(world, reference_);
    agree(world, [&] {
      if (reference.channels != what.channels || reference.samples != what.samples) {
        throw error(
            exit_code::bad_data,
            fmt::format(
                "the reference has {} channels x {} samples and the recording {} x {}; give one of the "
                "same shape",
                reference.channels, reference.samples, what.channels, what.samples));
      }
    });
    return reference;
  }

  std::size_t best_of(const communicator& world, const std::vector<double>& scores) const {
    const bool high = best_.empty() ? prefers_high(score_named(score_)) : best_ == "highest";
    std::size_t best = scores.size();
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::isnan(scores[i])) continue;
      if (best == scores.size() || (high ? scores[i] > scores[best] : scores[i] < scores[best])) best = i;
    }
    if (best < scores.size()) return best;
    throw agreed_error(exit_code::bad_data,
                       "no filter has a score: the recording has samples that are NaN, or only zeros where a "
                       "score divides by them; look at it with weir plot",
                       world.rank(), world.size());
  }

  void show(const communicator& world, const sweep_table& table) const {
    from_first_rank(world, [&] {
      if (!talk_.quiet()) print_result(to_text(table));
      outputs_.write(table);
      return std::string();
    });
  }

  static nlohmann::json options_of(const sweep_table& table) {
    nlohmann::json options;
    for (std::size_t i = 0; i < table.options.size(); ++i) {
      options[table.options[i].first] = table.combinations[table.best][i];
    }
    return options;
  }

  /// **Collective.** Makes the output of the best filter.
  exit_code keep(const topology& where, const io::recording& what, const chosen_filter& best,
                 nlohmann::json options, const std::string& line) const {
    const sample_type arithmetic = pipeline::natural_arithmetic(best.spec, what.type);
    const pipeline::filter_job job{
        .input = what,
        .output = outputs_.kept(),
        .operation = pipeline::make_fir_operation(where.world(), best.spec, {}, best.method, arithmetic),
        .overwrite = outputs_.overwrite(),
        .boundary = best.ends,
        .history = line,
        .filtering = best.sentence,
        .options = std::move(options)};
    const pipeline::stop_request stop;
    const pipeline::run_report report = pipeline::run(where, job, pipeline::make_plan(where, job), stop);
    warn_of_samples(where.world(), job, report);
    if (!report.is_complete) {
      if (where.world().rank() == 0) {
        print_message(
            fmt::format("weir: stopped before '{}' was complete; run the sweep again with "
                        "--overwrite, or let weir filter make it\n",
                        job.output));
      }
      return exit_code::stopped;
    }
    if (where.world().rank() == 0 && !talk_.quiet()) {
      print_result(fmt::format("{}: {}\n", job.output, job.filtering));
    }
    return exit_code::done;
  }

  std::string input_;
  swept_filters filters_;
  recording_options recording_;
  std::string score_ = "rms";
  std::vector<double> band_;
  std::string reference_;
  std::string best_;
  sweep_outputs outputs_;
  std::string ranks_per_domain_ = "node";
  talk_options talk_;
};

}  // namespace

std::unique_ptr<command> make_sweep_command() {
  return std::make_unique<sweep_command>();
}

}  // namespace weir::cli
