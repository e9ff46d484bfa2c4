#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <weir/fir/boundary.hpp>
#include <weir/io/recording.hpp>
#include <weir/pipeline/operation.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/pipeline/stop_request.hpp>
#include <weir/sample_type.hpp>

#include "command.hpp"
#include "many_files.hpp"
#include "option_list.hpp"
#include "preparation_options.hpp"
#include "recording_options.hpp"
#include "run_options.hpp"
#include "selection_options.hpp"
#include "talk_options.hpp"

namespace weir::cli {

/// An operation as the options describe it, for one recording.
struct chosen_operation {
  pipeline::operation what;
  fir::boundary ends;
  std::string sentence;  ///< for people: what it is, and its ends
};

/// A command that runs an operation over a recording: `weir NAME IN... OUT`, and the options of such a run.
/// What the operation is, its own options say.
class operation_command : public command {
 public:
  explicit operation_command(std::string name) : name_(std::move(name)) {}

  void add_options(option_list& app) final;
  bool is_parallel() const final { return true; }
  exit_code run(environment& env, const std::string& line) final;

 protected:
  /// The arithmetic that `--accumulate` asks for; nothing if it is left to the data.
  std::optional<sample_type> asked_arithmetic() const;

  /// Whether there is work on `input` without the operation: samples go through other steps, become another
  /// type, are cut out, joined of several files, or packed.
  bool has_steps(const io::recording& input) const {
    return !preparation_.sentence().empty() || preparation_.converts() || selection_.is_given() ||
           many_files_.joins(input) || run_.packs();
  }

 private:
  /// Declares the options that choose the operation.
  virtual void add_operation_options(option_list& app) = 0;

  /// **Collective.** Throws `agreed_error` for options that are missing, wrong or contradict one another.
  virtual chosen_operation choose(const communicator& world, const io::recording& input) const = 0;

  void check_options() const;
  void check_outputs(const communicator& world, const std::vector<io::recording>& stretches,
                     const std::vector<many_output>& outputs) const;
  pipeline::filter_job make_job(const communicator& world, const std::string& line,
                                const many_output& to) const;
  nlohmann::json options_json() const;
  exit_code run_job(environment& env, const topology& where, const pipeline::filter_job& job,
                    const pipeline::run_plan& plan, const pipeline::stop_request& stop) const;

  std::vector<std::string> inputs() const;
  const std::string& output() const { return names_.back(); }  ///< a file, or a folder of them

  std::string name_;
  option_list* app_ = nullptr;
  std::vector<std::string> names_;  ///< of the inputs, and last of the output
  many_files_options many_files_;
  recording_options recording_;
  selection_options selection_;
  preparation_options preparation_;
  std::string accumulate_ = "auto";
  run_options run_;
  talk_options talk_;
  bool print_config_ = false;
};

}  // namespace weir::cli
