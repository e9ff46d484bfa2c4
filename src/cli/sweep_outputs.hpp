#pragma once

#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/mpi/communicator.hpp>

#include "option_list.hpp"
#include "sweep_table.hpp"

namespace weir::cli {

/// The options that say where a sweep's results go: tables, a picture, and the recording that the best filter
/// makes.
class sweep_outputs {
 public:
  void add_options(option_list& app);

  /// Finds out what is wrong with the options by themselves, for a table that has no scores yet. Throws
  /// `error` (usage).
  void check_options(const sweep_table& table) const;

  /// Finds out before the work whether all of them can be written. `inputs` are the recordings that are read,
  /// `read` the other files. **Collective.** Throws `agreed_error`: usage, cannot_create.
  void check_places(const communicator& world, std::vector<const io::recording*> inputs,
                    std::vector<std::string> read) const;

  /// Writes tables and picture. Not collective: one rank does. Throws `error`: io_error, cannot_create.
  void write(const sweep_table& table) const;

  /// The recording that the best filter is to make; empty if none is wanted.
  std::string kept() const { return keep_.empty() ? std::string() : keep_[1]; }
  bool overwrite() const { return overwrite_; }

 private:
  std::string csv_;
  std::string json_;
  std::string plot_;
  std::vector<std::string> keep_;
  bool overwrite_ = false;
};

}  // namespace weir::cli
