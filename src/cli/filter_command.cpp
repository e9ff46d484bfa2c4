#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <weir/byte_size.hpp>
#include <weir/io/output.hpp>
#include <weir/log.hpp>
#include <weir/mpi/agree.hpp>
#include <weir/mpi/first_rank.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/run.hpp>
#include <weir/topology.hpp>

#include "commands.hpp"
#include "config_text.hpp"
#include "filter_choice.hpp"
#include "filter_report.hpp"
#include "progress.hpp"
#include "quantities.hpp"
#include "recording_options.hpp"
#include "talk_options.hpp"

namespace weir::cli {
namespace {

class filter_command : public command {
 public:
  void add_options(CLI::App& app) override {
    app_ = &app;
    app.add_option("IN", input_, "recording to filter, an HDF5 file");
    app.add_option("OUT", output_, "where the filtered recording goes");
    filter_.add_options(app);
    recording_.add_options(app);
    app.add_option("--accumulate", accumulate_,
                   "arithmetic of the sum; auto: float32 for float32 data, else float64")
        ->check(CLI::IsMember({"auto", "float32", "float64"}))
        ->capture_default_str();
    add_run_options(app);
    talk_.add_options(app);
    app.set_config("--config", "", "read options from a TOML file; those of the command line win")
        ->type_name("FILE.toml");
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.add_flag("--print-config", print_config_, "print the options as such a file, and end")
        ->configurable(false);
  }

  bool is_parallel() const override { return true; }

  exit_code run(environment& env, const std::string& line) override {
    const communicator& world = env.world();
    if (print_config_) {
      if (world.rank() == 0) fmt::print("{}", config_text(*app_));
      return exit_code::done;
    }
    agree(world, [this] { check_options(); });
    const topology where(world, agree(world, [this] { return domain_choice::parse(ranks_per_domain_); }));
    if (const auto sentence = where.oversubscription(1)) warn(world, *sentence);

    const pipeline::filter_job job = make_job(world, line);
    const pipeline::run_plan plan = pipeline::make_plan(where, job);
    if (plan_only_) {
      if (world.rank() == 0) fmt::print("{}", to_text(plan, job));
      return exit_code::done;
    }
    if (job.filter.taps.size() > job.input.samples) {
      warn(
          world,
          fmt::format(
              "the filter's {} taps are longer than the recording's {} samples, so its ends reach everywhere",
              job.filter.taps.size(), job.input.samples));
    }
    check_report(world, report_, {input_, output_, io::part_path(output_)});
    return run_job(where, job, plan);
  }

 private:
  void add_run_options(CLI::App& app) {
    const std::string group = "Run";
    app.add_option("--memory-per-node", memory_per_node_,
                   "most memory of a node, as 8GiB [a quarter of what it allows]")
        ->type_name("SIZE")
        ->group(group);
    app.add_option("--chunk-duration", chunk_duration_,
                   "length of a block, as 10s or 5000n [what memory and the file make best]")
        ->type_name("TIME")
        ->group(group);
    app.add_option("--split", split_, "what domains divide among themselves; auto reads least")
        ->check(CLI::IsMember({"auto", "rows", "time"}))
        ->capture_default_str()
        ->group(group);
    app.add_option("--ranks-per-domain", ranks_per_domain_,
                   "ranks that share one window: node, numa, or a number of them")
        ->type_name("K|node|numa")
        ->capture_default_str()
        ->group(group);
    app.add_option("--write", write_,
                   "parallel: every rank writes its chunks; leader: one rank a domain; gather: rank 0 alone")
        ->check(CLI::IsMember({"parallel", "leader", "gather"}))
        ->capture_default_str()
        ->group(group);
    app.add_flag("--resume", resume_,
                 "go on from what an interrupted run of the same command left; else begin")
        ->group(group);
    app.add_option("--max-time", max_time_,
                   "stop at a checkpoint before this time is over, as 55m or 11.5h, and exit with 75")
        ->type_name("TIME")
        ->group(group);
    app.add_option("--checkpoint-interval", checkpoint_interval_, "time between two checkpoints")
        ->type_name("TIME")
        ->capture_default_str()
        ->group(group);
    app.add_flag("--overwrite", overwrite_, "replace OUT if it exists")->group(group);
    app.add_flag("--plan", plan_only_, "print memory, blocks and bytes, and end; nothing is touched")
        ->configurable(false)
        ->group(group);
    app.add_option("--report", report_, "write what was done, where, and how long it took, as JSON")
        ->type_name("FILE.json")
        ->group(group);
  }

  void check_options() const {
    talk_.apply();
    if (input_.empty()) throw error(exit_code::usage, "the input is missing; say weir filter IN OUT");
    if (output_.empty()) throw error(exit_code::usage, "the output is missing; say weir filter IN OUT");
    if (!memory_per_node_.empty()) parse_bytes(memory_per_node_, "--memory-per-node");
    progress(talk_.progress(), 0);
    if (!max_time_.empty()) parse_seconds(max_time_, "--max-time");
    parse_seconds(checkpoint_interval_, "--checkpoint-interval");
  }

  pipeline::filter_job make_job(const communicator& world, const std::string& line) const {
    pipeline::filter_job job;
    job.input = recording_.inspect(world, input_);
    job.output = output_;
    job.overwrite = overwrite_;
    job.resume = resume_;
    if (!max_time_.empty()) job.max_time = parse_seconds(max_time_, "--max-time");
    job.checkpoint_interval = parse_seconds(checkpoint_interval_, "--checkpoint-interval");
    agree(world, [&] {
      chosen_filter chosen = filter_.resolve(world, job.input.sampling_rate);
      job.filter = std::move(chosen.spec);
      job.boundary = chosen.ends;
      job.method = chosen.method;
      job.filtering = chosen.sentence;
      if (!chunk_duration_.empty()) {
        job.block_samples = in_samples(parse_duration(chunk_duration_, "--chunk-duration"),
                                       job.input.sampling_rate, "--chunk-duration");
      }
    });
    const bool single =
        accumulate_ == "float32" || (accumulate_ == "auto" && job.input.type == sample_type::float32);
    job.arithmetic = single ? sample_type::float32 : sample_type::float64;
    if (split_ != "auto") job.split = split_ == "rows" ? split_axis::rows : split_axis::time;
    if (!memory_per_node_.empty()) job.memory_per_node = parse_bytes(memory_per_node_, "--memory-per-node");
    job.write = write_ == "leader"   ? pipeline::write_mode::leader
                : write_ == "gather" ? pipeline::write_mode::gather
                                     : pipeline::write_mode::parallel;
    job.history = line;
    job.options = options_json();
    return job;
  }

  /// Every option that a file of options could hold, with the value that this run used.
  nlohmann::json options_json() const {
    nlohmann::json options;
    for (const CLI::Option* option : app_->get_options()) {
      if (!option->get_configurable() || option->get_lnames().empty()) continue;
      const auto values = option->results();
      options[option->get_lnames().front()] = values.empty() ? option->get_default_str() : values.front();
    }
    return options;
  }

  exit_code run_job(const topology& where, const pipeline::filter_job& job,
                    const pipeline::run_plan& plan) const {
    const communicator& world = where.world();
    pipeline::run_report report;
    {
      std::optional<progress> shown;
      if (world.rank() == 0) shown.emplace(talk_.progress(), io::data_bytes(job.input));
      report = pipeline::run(where, job, plan, [&](std::size_t done, std::size_t all) {
        if (shown) (*shown)(done, all);
      });
    }
    warn_of_samples(world, job, report);
    write_report(where, report_, job, plan, report);
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

  CLI::App* app_ = nullptr;
  std::string input_;
  std::string output_;
  filter_choice filter_;
  recording_options recording_;
  std::string accumulate_ = "auto";
  std::string memory_per_node_;
  std::string chunk_duration_;
  std::string split_ = "auto";
  std::string ranks_per_domain_ = "node";
  std::string write_ = "parallel";
  bool overwrite_ = false;
  bool resume_ = false;
  std::string max_time_;
  std::string checkpoint_interval_ = "30s";
  bool plan_only_ = false;
  std::string report_;
  talk_options talk_;
  bool print_config_ = false;
};

}  // namespace

std::unique_ptr<command> make_filter_command() {
  return std::make_unique<filter_command>();
}

}  // namespace weir::cli
