#pragma once

#include <optional>
#include <string>
#include <vector>

#include <weir/io/inspect.hpp>
#include <weir/io/join.hpp>
#include <weir/io/recording.hpp>
#include <weir/mpi/communicator.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// Looks at the files that `names` stand for, and checks that they can be one recording. In time order.
/// Throws `error`.
std::vector<io::recording> inspect_files(const std::vector<std::string>& names, const io::overrides& said);

/// The options that say how recordings in several files are joined.
class many_files_options {
 public:
  void add_options(option_list& app);

  /// Throws `error` (usage) where an option is wrong by itself.
  void check() const;

  /// Looks at the files on rank 0 and tells all ranks what recording they are, or with --split-at-gaps the
  /// stretches of it; warns once of what is to be known. **Collective.** Throws `agreed_error`: what
  /// inspect_files() throws, and bad_data for gaps.
  std::vector<io::recording> inspect(const communicator& world, const std::vector<std::string>& names,
                                     const io::overrides& said) const;

  /// Where the result of each stretch goes: `output`, or with --split-at-gaps files in that folder, named as
  /// each stretch's first file. Makes the folder, unless it `touches_nothing`. One rank calls it. Throws
  /// `error`: usage where two files would have one name; cannot_create.
  std::vector<std::string> outputs(const std::vector<io::recording>& stretches, const std::string& output,
                                   bool touches_nothing) const;

 private:
  double tolerance(std::optional<double> sampling_rate) const;
  std::vector<io::recording> joined(const std::vector<std::string>& names, const io::overrides& said) const;

  std::string gap_tolerance_;
  bool splits_at_gaps_ = false;
};

}  // namespace weir::cli
