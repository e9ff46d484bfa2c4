#pragma once

#include <limits>
#include <string_view>

/// How long a run takes, from a few constants of the machine: arithmetic alone.
namespace weir::pipeline {

/// What the parts of a run cost one rank, and what the ranks of a node and the nodes share.
struct machine_rates {
  double start_seconds = 0;              ///< the launcher, MPI, opening and closing: once
  double read_seconds_per_byte = 0;      ///< from the page cache into the window
  double filter_seconds_per_sample = 0;  ///< in the window
  double write_seconds_per_byte = 0;     ///< from the window into the page cache
  double block_seconds = 0;  ///< that the ranks of a domain wait for one another at each of its blocks
  double memory_bytes_per_second = std::numeric_limits<double>::infinity();   ///< of a node, as STREAM counts
  double link_bytes_per_second = std::numeric_limits<double>::infinity();     ///< of a node to its files
  double storage_bytes_per_second = std::numeric_limits<double>::infinity();  ///< of the files, for all nodes
};

/// What a run moves, and on how many ranks.
struct run_size {
  double bytes_read = 0;
  double samples = 0;        ///< that are filtered
  double bytes_written = 0;  ///< also what the filter passes over in the window
  double ranks = 1;
  double nodes = 1;
  double blocks_in_turn = 0;  ///< of a domain
};

/// What holds a part of the run up.
enum class bottleneck { cores, memory, link, storage };

/// "cores", "memory", "link" or "file system".
std::string_view name_of(bottleneck what);

struct part_time {
  double seconds = 0;
  bottleneck held_by = bottleneck::cores;
};

struct run_time {
  double start = 0;  ///< seconds
  part_time read, filter, write;
  double waiting = 0;  ///< seconds, at the blocks' ends

  double seconds() const { return start + read.seconds + filter.seconds + write.seconds + waiting; }
};

/// The time of a run. A rank does one thing at a time, so the parts add up, though those of successive blocks
/// overlap: each takes as long as the slowest of what it needs. Files go through the page cache or the link,
/// whichever is slower.
run_time predict(const machine_rates& machine, const run_size& size);

}  // namespace weir::pipeline
