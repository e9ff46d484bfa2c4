#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <weir/pipeline/filter_job.hpp>
#include <weir/topology.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// How a job runs: its limits, who divides and writes what, what becomes of an earlier output.
class run_options {
 public:
  void add_options(option_list& app);

  /// Finds out what is wrong with the options by themselves. Throws `error` (usage).
  void check() const;

  domain_choice domains() const { return domain_choice::parse(ranks_per_domain_); }
  bool is_plan() const { return is_plan_; }
  bool overwrite() const { return overwrite_; }
  bool resume() const { return resume_; }
  /// Whether the output's chunks are to be packed.
  bool packs() const { return compress_ != "none"; }
  const std::string& report() const { return report_; }
  /// The report with whose rates a plan's time is estimated; nothing if none was named.
  const std::string& estimate_from() const { return estimate_from_; }

  /// How long all of the program may take. Throws `error` (usage).
  std::optional<std::chrono::duration<double>> max_time() const;

  /// Sets these options' part of the job, whose input is known. Throws `error` (usage).
  void fill(pipeline::filter_job& job) const;

 private:
  std::string memory_per_node_;
  std::string chunk_duration_;
  std::string split_ = "auto";
  std::string ranks_per_domain_ = "node";
  std::string write_ = "parallel";
  std::string compress_ = "none";
  bool shuffle_ = false;
  bool durable_ = false;
  bool resume_ = false;
  std::string max_time_;
  std::string checkpoint_interval_ = "30s";
  bool overwrite_ = false;
  bool is_plan_ = false;
  std::string estimate_from_;
  std::string report_;
};

}  // namespace weir::cli
