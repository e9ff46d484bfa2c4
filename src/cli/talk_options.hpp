#pragma once

#include <optional>
#include <string>

#include "option_list.hpp"

namespace weir::cli {

/// How much a run says, and where: the options that every parallel command has.
class talk_options {
 public:
  void add_options(option_list& app);

  /// Sets the level and opens this rank's log file. Not collective. Throws `error`.
  void apply() const;

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
