#include <algorithm>
#include <array>
#include <filesystem>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include <weir/io/assembly.hpp>

#include "chunk_placement.hpp"
#include "fault_point.hpp"
#include "hdf5.hpp"
#include "log_reader.hpp"
#include "logged_header.hpp"
#include "part_file.hpp"
#include "samples.hpp"

namespace weir::io {

namespace {

[[noreturn]] void refuse_log(const std::string& path, const std::string& what) {
  throw error(exit_code::bad_data,
              fmt::format("'{}' is not what the interrupted run left: {}; begin anew with --overwrite and "
                          "without --resume",
                          path, what));
}

bool is_inside(index_range part, std::size_t chunk, std::size_t length) {
  return part.begin < part.end && part.end <= length && part.begin / chunk == (part.end - 1) / chunk;
}

bool is_sound(const recording& what, const logged_header& header, std::uint64_t room) {
  const piece_header& piece = header.piece;
  return header.mark == logged_header::expected_mark && piece.bytes > 0 && piece.bytes <= room &&
         piece.is_packed <= 1 && is_inside(piece.channels(), what.store.chunk_channels, what.channels) &&
         is_inside(piece.samples(), what.store.chunk_samples, what.samples) &&
         piece.bytes <= packer::most_bytes(what);
}

}  // namespace

std::uint64_t chunk_of(const recording& what, const piece_header& piece) {
  const std::uint64_t row = piece.channels_begin / what.store.chunk_channels;
  const std::uint64_t column = piece.samples_begin / what.store.chunk_samples;
  return what.axis == time_axis::first ? column * ceil_div(what.channels, what.store.chunk_channels) + row
                                       : row * ceil_div(what.samples, what.store.chunk_samples) + column;
}

chunk_index::chunk_index(const recording& output_part, const std::string& final_path)
    : part_(output_part), final_path_(final_path), chunks_(chunk_count(output_part)) {}

void chunk_index::add(const log_file& log) {
  if (log.bytes == 0) return;
  const log_reader file(log_path(final_path_, log));
  if (file.size() < log.bytes) {
    refuse_log(file.path(), fmt::format("it has {} bytes in place of {}", file.size(), log.bytes));
  }
  const auto number = static_cast<std::uint32_t>(logs_.size());
  logs_.push_back(log);
  for (std::uint64_t at = 0; at < log.bytes;) {
    logged_header header;
    if (log.bytes - at < sizeof header) refuse_log(file.path(), "its last piece is cut");
    file.read(at, std::as_writable_bytes(std::span(&header, 1)));
    at += sizeof header;
    if (!is_sound(part_, header, log.bytes - at)) {
      refuse_log(file.path(), fmt::format("there is no piece at byte {}", at - sizeof header));
    }
    const std::uint64_t chunk = chunk_of(part_, header.piece);
    if (header.piece.is_packed != 0) {
      chunks_[chunk] = {at, header.piece.bytes, number};
    } else {
      loose_.push_back({header.piece, log.run, log.writer, at});
    }
    at += header.piece.bytes;
  }
}

std::deque<logged_piece> chunk_index::take_loose_pieces() {
  std::erase_if(loose_,
                [&](const logged_piece& one) { return chunks_[chunk_of(part_, one.piece)].bytes > 0; });
  const auto place_of = [&](const logged_piece& one) {
    return std::tuple(chunk_of(part_, one.piece), one.run, one.writer, one.first_byte);
  };
  // No two have the same place; a stable sort would take as much memory again.
  std::ranges::sort(loose_, {}, place_of);
  return std::exchange(loose_, {});
}

/// HDF5 1.10 crashes at its end where a file cannot grow; it cuts what it did not need of this space.
void chunk_index::reserve_for(const std::string& part_path) const {
  // A B-tree's 47 bytes a chunk, as create_samples() counts them, and what HDF5 rounds up.
  constexpr std::uint64_t index_bytes_a_chunk = 64;
  constexpr std::uint64_t margin_bytes = std::uint64_t{1} << 20;
  std::uint64_t needed = margin_bytes;
  for (const place& where : chunks_) needed += where.bytes + index_bytes_a_chunk;
  reserve(part_path, std::filesystem::file_size(part_path), needed);
}

std::vector<chunk_move> chunk_index::place_in(const std::string& part_path, bool may_lack) const {
  const h5::silence quiet;
  reserve_for(part_path);
  chunk_placement placement(part_path, part_.dataset, packer::most_bytes(part_));
  const bool time_first = part_.axis == time_axis::first;
  const std::uint64_t columns = time_first ? ceil_div(part_.channels, part_.store.chunk_channels)
                                           : ceil_div(part_.samples, part_.store.chunk_samples);
  const hsize_t row_step = time_first ? part_.store.chunk_samples : part_.store.chunk_channels;
  const hsize_t column_step = time_first ? part_.store.chunk_channels : part_.store.chunk_samples;
  const std::size_t skipped = part_.dimensions == 1 ? 1 : 0;
  std::vector<chunk_move> moves;
  moves.reserve(chunks_.size());
  for (std::uint64_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    const place& where = chunks_[chunk];
    if (where.bytes == 0 && may_lack) continue;
    if (where.bytes == 0) {
      throw error(exit_code::internal, fmt::format("chunk {} of '{}' was never packed", chunk, part_path));
    }
    const std::array<hsize_t, 2> corner{chunk / columns * row_step, chunk % columns * column_step};
    const std::uint64_t to_byte = placement.place(std::span(corner).subspan(skipped), where.bytes);
    const log_file& log = logs_[where.log];
    moves.push_back({log.run, log.writer, where.first_byte, to_byte, where.bytes});
  }
  placement.close();
  fault_point("chunks placed");
  return moves;
}

}  // namespace weir::io
