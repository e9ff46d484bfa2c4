#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include <weir/io/json_text.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/file_identities.hpp>

#include "job_identity.hpp"

namespace weir::pipeline {

const nlohmann::json& file_identities::all() {
  if (!all_.is_null()) return all_;
  // Pieces of the contents of all files together, at most and at least: thousands of files take no minutes.
  constexpr std::size_t pieces = 4096;
  constexpr std::size_t pieces_a_file = 16;
  const std::size_t each =
      std::clamp<std::size_t>(pieces / std::max<std::size_t>(files_.size(), 1), 2, pieces_a_file);
  nlohmann::json seen = nlohmann::json::array();
  for (const io::recording_file& file : files_) {
    seen.push_back({{"bytes", file.file_bytes},
                    {"modified_ns", file.modified_ns},
                    {"samples", file.samples.size()},
                    {"content", hexadecimal(io::content_probe(file.path, each))}});
  }
  return all_ = std::move(seen);
}

const nlohmann::json& file_identities::summary() {
  if (summary_.is_null()) {
    summary_ = {{"count", files_.size()}, {"checksum", hexadecimal(io::checksum(io::json_text(all())))}};
  }
  return summary_;
}

}  // namespace weir::pipeline
