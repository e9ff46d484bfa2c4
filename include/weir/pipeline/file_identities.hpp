#pragma once

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/io/recording.hpp>

namespace weir::pipeline {

/// What tells each of a recording's files from another under its name: bytes, time, samples, and a probe of
/// its content. Every file is looked at when any is first asked for, and not again: jobs that make one output
/// of each file share it. Not collective: one rank asks; one thread at a time.
class file_identities {
 public:
  explicit file_identities(std::vector<io::recording_file> files) : files_(std::move(files)) {}

  /// One object a file, in the order of time. Throws `error` (no_input).
  const nlohmann::json& all();

  /// How many files there are, and a checksum of all(): as long for thousands of files as for two. Throws
  /// `error` (no_input).
  const nlohmann::json& summary();

 private:
  std::vector<io::recording_file> files_;
  nlohmann::json all_;
  nlohmann::json summary_;
};

}  // namespace weir::pipeline
