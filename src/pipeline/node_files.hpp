#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <weir/io/node_file.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>

namespace weir::pipeline {

/// With write_mode::per_node, the files beside the output. Nothing here is collective: rank 0 does it.

/// Lays out files for the blocks that are left: one for each rectangle of each domain's share. Touches
/// nothing. Files of earlier runs keep the blocks that are done.
void lay_out_nodes(const filter_job& job, checkpoint& state, std::size_t domains);

/// Creates those that were laid out and are not there yet. Throws `error` (cannot_create, usage), and leaves
/// nothing behind then.
void create_nodes(const filter_job& job, checkpoint& state);

/// One more than the largest number in a file's name.
std::uint64_t nodes_end(const checkpoint& state);

/// Removes the files of earlier runs that hold nothing, and their logs.
void drop_empty_nodes(const filter_job& job, checkpoint& state);

/// Makes the files anew that packed chunks are to be stored in, after a run that was killed while it did so.
void create_packed_nodes_again(const filter_job& job, checkpoint& state);

/// What the output is joined of, when all blocks are done.
std::vector<io::joined_rectangle> joined_of(const filter_job& job, const checkpoint& state);

/// Gives the files their final names. Throws `error` (io_error).
void finish_nodes(const filter_job& job, const checkpoint& state);

/// Removes the parts of all files and their logs.
void discard_nodes(const filter_job& job, const checkpoint& state) noexcept;

/// Removes the logs of all files.
void remove_node_logs(const filter_job& job, const checkpoint& state) noexcept;

}  // namespace weir::pipeline
