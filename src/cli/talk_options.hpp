#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/mpi/communicator.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// How much a run says, and where: the options that every parallel command has.
class talk_options {
 public:
  void add_options(option_list& app);

  /// Sets the level and opens this rank's log file. Not collective. Throws `error`.
  void apply() const;

  /// Finds out before apply() whether a rank's log would replace one of the files that are `read`, of which
  /// names may be folders and patterns. **Collective.** Throws `agreed_error` (usage, cannot_create).
  void check_log(const communicator& world, const std::vector<std::string>& inputs,
                 const std::vector<std::string>& read) const;

  bool quiet() const { return quiet_; }
  std::string progress() const { return quiet_ ? "off" : progress_; }

 private:
  bool quiet_ = false;
  bool verbose_ = false;
  std::string level_;
  std::string file_;
  std::string progress_ = "auto";
};

}  // namespace weir::cli
