#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <weir/io/packer.hpp>

namespace weir::io {

/// One of the files beside OUT.part in which the pieces of a packed output wait, one after another, until all
/// are there: no rank waits for another to write, and a run that is killed loses no piece that was synced.
struct log_file {
  std::uint64_t run = 0;     ///< of how many runs at this output, counted from 0
  std::uint64_t writer = 0;  ///< of that run's writers
  std::uint64_t bytes = 0;   ///< that are safe on the disk; what follows them does not count
};

/// Where a log lies: OUT.part.chunks.RUN.WRITER.
std::string log_path(const std::string& final_path, const log_file& log);

/// Removes all logs of an output, whoever wrote them. One rank calls it.
void remove_logs(const std::string& final_path) noexcept;

/// Appends pieces to a log of its own. Not collective; one thread at a time.
class chunk_log {
 public:
  /// Creates the log, or empties what a killed run left of one by the same name.
  /// @throws weir::error io_error.
  chunk_log(const std::string& final_path, const log_file& log);
  ~chunk_log();
  chunk_log(const chunk_log&) = delete;
  chunk_log& operator=(const chunk_log&) = delete;
  chunk_log(chunk_log&&) noexcept;
  chunk_log& operator=(chunk_log&&) noexcept;

  /// @throws weir::error io_error, with the path, for a full disk, a quota or any other fault.
  void append(const piece_header& piece, std::span<const std::byte> bytes);

  /// Waits until what was appended is on the disk. @throws weir::error io_error.
  void sync();

  /// Ends appending. @throws weir::error io_error for faults that the file system tells no earlier.
  void close();

  /// Bytes that were appended, headers counted.
  std::uint64_t bytes() const;

 private:
  class state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::io
