#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/jobs/progress.hpp>
#include <weir/mpi/communicator.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// How much a run says, and where: the options that every parallel command has.
class talk_options {
 public:
  void add_options(option_list& app);
  /// Of commands that show how far they are.
  void add_progress_option(option_list& app);

  /// Sets the level and opens this rank's log file. Not collective. Throws `error`.
  void apply() const;

  /// Finds out before apply() whether a rank's log would replace one of the files that are `read`, of which
  /// names may be folders and patterns. **Collective.** Throws `agreed_error` (usage, cannot_create).
  void check_log(const communicator& world, const std::vector<std::string>& inputs,
                 const std::vector<std::string>& read) const;

  bool quiet() const { return quiet_; }
  /// How to show how far the command is; nothing: not at all. Throws `error` (usage).
  std::optional<progress_scope::style> progress() const;

 private:
  bool quiet_ = false;
  bool verbose_ = false;
  std::string level_;
  std::string file_;
  std::string progress_ = "auto";
};

}  // namespace weir::cli
