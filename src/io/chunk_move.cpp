#include <cstddef>
#include <vector>

#include <weir/io/chunk_move.hpp>

#include "fault_point.hpp"
#include "gather_write.hpp"
#include "log_reader.hpp"

namespace weir::io {

std::uint64_t move_chunks(const std::string& part_path, const std::string& final_path,
                          std::span<const chunk_move> moves, bool durable) {
  if (moves.empty()) return 0;
  open_logs logs;
  gather_write part(part_path);
  std::vector<std::byte> bytes;
  std::uint64_t moved = 0;
  for (const chunk_move& move : moves) {
    bytes.resize(move.bytes);
    logs.open(log_path(final_path, move.log())).read(move.from_byte, bytes);
    part.add(move.to_byte, bytes.data(), bytes.size());
    part.flush();
    moved += move.bytes;
    fault_point("chunk stored");
  }
  if (durable) part.sync();
  part.close();
  return moved;
}

}  // namespace weir::io
