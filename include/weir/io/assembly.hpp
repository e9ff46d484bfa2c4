#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include <weir/io/chunk_log.hpp>
#include <weir/io/chunk_move.hpp>
#include <weir/io/packer.hpp>
#include <weir/io/recording.hpp>

namespace weir::io {

/// A piece and where it waits. Plain numbers: it travels in messages.
struct logged_piece {
  piece_header piece;
  std::uint64_t run = 0;
  std::uint64_t writer = 0;
  std::uint64_t first_byte = 0;  ///< of the piece's bytes in its log

  log_file log() const { return {run, writer, 0}; }
};

/// Where all chunks of a packed output wait, from the headers in its logs: `bytes_a_chunk`, and a
/// logged_piece for each piece of those that no log holds whole.
class chunk_index {
 public:
  static constexpr std::size_t bytes_a_chunk = 24;

  /// An empty index.
  chunk_index(const recording& output_part, const std::string& final_path);

  /// How many chunks the output has.
  std::size_t chunks() const { return chunks_.size(); }

  /// Adds the pieces of one log. @throws weir::error bad_data where the log is shorter than it was or holds
  /// something else; io_error where it cannot be read.
  void add(const log_file& log);

  /// The pieces of chunks that no log holds whole, those of a chunk after one another; in order of chunks.
  /// Blocks that end inside a chunk make them. The index forgets them: there may be many, and it waits for
  /// the chunks that a piece_joiner makes of them.
  std::deque<logged_piece> take_loose_pieces();

  /// Gives the chunks their places in OUT.part, in the order of their grid, so that the file is the same
  /// whoever packed them and whoever moves them there: the file's index speaks of them from now on, and
  /// move_chunks() is to bring them. Not safe against being killed until then: a second try wants a new
  /// OUT.part. Not collective: one process calls it while no other has the file open. @throws weir::error
  /// cannot_create where the disk has no room for the chunks, io_error, or internal where one is missing,
  /// unless the output `may_lack` some: those that were never packed read as the fill value.
  std::vector<chunk_move> place_in(const std::string& part_path, bool may_lack) const;

 private:
  struct place {
    std::uint64_t first_byte = 0;
    std::uint64_t bytes = 0;  ///< none: no log holds the chunk whole
    std::uint32_t log = 0;    ///< of logs_
  };
  static_assert(sizeof(place) == bytes_a_chunk);

  void reserve_for(const std::string& part_path) const;

  recording part_;
  std::string final_path_;
  std::vector<log_file> logs_;
  std::vector<place> chunks_;
  std::deque<logged_piece> loose_;  ///< it grows without a second copy
};

/// The number of the chunk that holds a piece, in the row-major order of the chunk grid.
std::uint64_t chunk_of(const recording& output_part, const piece_header& piece);

}  // namespace weir::io
