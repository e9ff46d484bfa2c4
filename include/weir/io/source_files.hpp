#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include <weir/io/recording.hpp>

namespace weir::io {

/// The files that the input's samples are read from: its own; those that a virtual dataset joins, and what
/// these join in turn; files of raw bytes beside the HDF5 file (external storage); the file that a link leads
/// to. What does not open is left out: reading says so. Not collective: one rank looks. @throws weir::error
/// no_input or bad_data where the input itself does not open.
std::vector<std::string> sample_files(const recording& input);

/// Files whatever their paths: links to one of them are that one.
class file_set {
 public:
  file_set() = default;
  explicit file_set(const std::vector<std::string>& paths) { add(paths); }

  /// Paths at which there is no file are left out.
  void add(const std::vector<std::string>& paths);

  /// Whether `path` leads to one of them.
  bool has(const std::string& path) const;

 private:
  std::set<std::pair<dev_t, ino_t>> files_;
};

/// Whether `path` is one of sample_files(). Not collective. @throws as that does.
bool is_part_of(const recording& input, const std::string& path);

}  // namespace weir::io
