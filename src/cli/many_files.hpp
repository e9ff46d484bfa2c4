#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <weir/io/files.hpp>
#include <weir/io/inspect.hpp>
#include <weir/io/join.hpp>
#include <weir/io/recording.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/pipeline/file_identities.hpp>

#include "option_list.hpp"

namespace weir::cli {

/// Looks at the files that `names` stand for, and checks that they can be one recording. In time order.
/// Throws `error`.
std::vector<io::recording> inspect_files(const std::vector<std::string>& names, const io::overrides& said);

/// One output of a run, and what it is made from.
struct many_output {
  const io::recording* input = nullptr;  ///< one of the stretches
  std::optional<std::size_t> file;       ///< it holds what this one of the input's files does; nothing: all
  std::string path;
  std::shared_ptr<pipeline::file_identities> known_files = {};  ///< of the input, for all outputs of it
};

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

  /// What goes where: all to `output`, or to files in that folder, with --output-per-file one for each input
  /// and named as it, with --split-at-gaps one for each stretch and named as its first file. Refers to
  /// `stretches`. Throws `error` (usage) where two files would have one name.
  std::vector<many_output> outputs(const std::vector<io::recording>& stretches,
                                   const std::string& output) const;

  /// Whether outputs go to files in a folder.
  bool goes_to_folder() const { return splits_at_gaps_ || is_per_file_; }

  /// Whether an output of this input is joined of several files, or one of the stretches between gaps.
  bool joins(const io::recording& input) const {
    return splits_at_gaps_ || (!is_per_file_ && io::file_count(input) > 1);
  }

  /// Makes the folder that outputs go to, if they do. **Collective.** Throws `agreed_error` (cannot_create).
  void make_folder(const communicator& world, const std::string& output) const;

 private:
  double tolerance(std::optional<double> sampling_rate) const;
  std::vector<io::recording> joined(const std::vector<std::string>& names, const io::overrides& said) const;

  std::string gap_tolerance_;
  bool splits_at_gaps_ = false;
  bool is_per_file_ = false;
};

}  // namespace weir::cli
