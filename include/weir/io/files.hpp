#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/partition.hpp>

namespace weir::io {

/// How many files a recording lies in: one at least.
inline std::size_t file_count(const recording& what) {
  return what.files.empty() ? 1 : what.files.size();
}

/// Paths of a recording's files, in the order of time.
std::vector<std::string> file_paths(const recording& what);

/// A recording's files one after another, each described as a recording of its own.
class file_descriptions {
 public:
  explicit file_descriptions(recording what);

  std::size_t size() const { return file_count(whole_); }

  /// The samples of the whole recording that the `i`-th file holds.
  index_range samples(std::size_t i) const;

  /// The file that holds `sample`, for `sample` < samples of the recording.
  std::size_t holder_of(std::size_t sample) const;

  /// The `i`-th file alone; valid until the next call.
  const recording& operator[](std::size_t i);

 private:
  recording whole_;
  recording one_;
};

}  // namespace weir::io
