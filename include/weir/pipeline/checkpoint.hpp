#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

#include <weir/block_grid.hpp>
#include <weir/block_set.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/recording.hpp>
#include <weir/steps/trend.hpp>

namespace weir::pipeline {

/// A file beside the output that holds what one domain makes in one run, a rectangle of the recording.
struct node_output {
  std::uint64_t number = 0;   ///< in the file's name; see io::node_path()
  std::uint64_t run = 0;      ///< which of the runs at this output, counted from 0
  std::uint64_t domain = 0;   ///< of that run
  block_set blocks = {};      ///< that it is to hold; once its run is over, that it holds
  index_range channels = {};  ///< of the recording, that the file has room for
  index_range samples = {};
  io::recording part = {};              ///< the file, until it gets its final name
  std::vector<io::log_file> logs = {};  ///< of a packed output: where the chunks of those blocks wait
  bool is_stored = false;               ///< the samples of those blocks are in the file, and on the disk
};

/// How far an output has come: what the progress marker beside OUT.part holds.
struct checkpoint {
  nlohmann::json identity;     ///< what the output's bits depend on; a run resumes only if its own is equal
  io::recording part;          ///< OUT.part
  index_range span = {};       ///< the input's samples that blocks cover
  std::size_t block_rows = 0;  ///< the cut into blocks, which the block numbers are of
  std::size_t block_samples = 0;
  split_axis split = split_axis::rows;
  block_set done = {};                    ///< blocks that are safe on the disk
  std::uint64_t clipped = 0;              ///< in those blocks
  std::uint64_t nonfinite = 0;            ///< in those blocks
  std::vector<io::log_file> logs = {};    ///< of a packed output: where the chunks of those blocks wait
  std::vector<steps::trend> trends = {};  ///< of all rows, once they are known; none if none are taken off
  std::vector<node_output> nodes = {};    ///< with write_mode::per_node: the files that the output joins
  /// All is done and is being put together; OUT.part, and what packed chunks are stored in, want to be made
  /// anew.
  bool is_assembling = false;

  /// The number of the next run at this output, for its logs.
  std::uint64_t next_run() const {
    std::uint64_t next = 0;
    for (const io::log_file& log : logs) next = std::max(next, log.run + 1);
    return next;
  }

  /// The number of the next run at this output, for the files of its nodes.
  std::uint64_t next_node_run() const {
    std::uint64_t next = 0;
    for (const node_output& node : nodes) next = std::max(next, node.run + 1);
    return next;
  }

  block_grid blocks() const { return {part.channels, span.size(), block_rows, block_samples, split}; }
};

/// The blocks of a file that are done.
block_set done_in(const node_output& node, const checkpoint& state);

void to_json(nlohmann::json& json, const checkpoint& state);
/// Throws nlohmann::json::exception, or `error` (bad_data), if the state is not one.
void from_json(const nlohmann::json& json, checkpoint& state);

/// The same for the state of a marker that was found, whose numbers must fit one another. Throws `error`
/// (bad_data) with what is wrong.
checkpoint checkpoint_from(const nlohmann::json& json);

}  // namespace weir::pipeline
