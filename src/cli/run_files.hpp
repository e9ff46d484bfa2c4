#pragma once

#include <string>
#include <vector>

#include <weir/io/recording.hpp>

namespace weir::cli {

/// A report, a table or a picture that a command writes beside its output.
struct text_output {
  std::string option;    ///< that names it, as `--csv`
  std::string path;      ///< empty: it was not asked for
  bool replaces = true;  ///< a file of that name which is there
};

/// What a command reads and what it writes.
struct run_files {
  std::vector<const io::recording*> inputs = {};  ///< none of whose files may be written to
  std::vector<std::string> read = {};             ///< other files, which options name
  std::vector<std::string> outputs = {};          ///< recordings
  std::vector<text_output> texts = {};
  std::string new_folder = {};  ///< is made for the outputs, which all go there: nothing is in it yet
  bool overwrite = false;       ///< outputs that are there are replaced
  bool resume = false;          ///< outputs that weir made are gone on with
};

/// Finds out before the work whether all that a command writes can be written, without leaving anything
/// there: nothing of it may be a file that is read, or that is written as something else. Not collective: one
/// rank looks. Throws `error`: usage, cannot_create.
void check_files(const run_files& files);

}  // namespace weir::cli
