#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <weir/io/chunk_log.hpp>

namespace weir::io {

/// A packed chunk, the log in which it waits, and its place in the output. Plain numbers: it travels in
/// messages.
struct chunk_move {
  std::uint64_t run = 0;
  std::uint64_t writer = 0;
  std::uint64_t from_byte = 0;  ///< of the log
  std::uint64_t to_byte = 0;    ///< of the output's file
  std::uint64_t bytes = 0;

  log_file log() const { return {run, writer, 0}; }
};

/// Copies chunks from the logs of the output `final_path` to their places in OUT.part, which has the space.
/// With `durable` it waits until they are on the disk. Returns their bytes. Not collective: any number of
/// processes may each move chunks of their own at the same time. @throws weir::error io_error.
std::uint64_t move_chunks(const std::string& part_path, const std::string& final_path,
                          std::span<const chunk_move> moves, bool durable);

}  // namespace weir::io
