#pragma once

#include <string>

#include <weir/io/derivation.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// The options that say what of a recording comes out.
class selection_options {
 public:
  void add_options(option_list& app);

  /// What the options leave of `input`. Throws `error` (usage) for what is not in it, and for channels that
  /// are named twice.
  io::derivation resolve(const io::recording& input) const;

  /// Whether a part of the recording is chosen.
  bool is_given() const { return !channels_.empty() || !time_.empty(); }

 private:
  std::string channels_;
  std::string time_;
};

}  // namespace weir::cli
