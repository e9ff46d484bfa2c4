#include "window_budget.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <weir/byte_size.hpp>
#include <weir/error.hpp>

namespace weir::pipeline {
namespace {

/// Windows stay small enough to be used again while the caches hold them; more only costs first touches.
constexpr std::size_t window_bytes_a_rank = std::size_t{8} << 20;
/// To pack chunks takes far longer than to reach memory. At a block's end ranks wait for the last chunk of
/// one of them, so there are to be fewer ends. A little more than a power of two: many channels have chunks
/// of one, and blocks of such chunks want their neighbours too.
constexpr std::size_t packed_window_bytes_a_rank = std::size_t{36} << 20;

/// What the budget leaves for the windows of one domain.
std::size_t room_for_windows(const memory_plan& memory, const block_request& request) {
  const std::size_t taken = memory.node();
  const std::size_t least = smallest_window(request);
  if (memory.budget < taken + memory.domains * least) {
    throw error(
        exit_code::usage,
        fmt::format(
            "the memory budget of {} a node is too small: {} rank{} hold {} before the first sample is "
            "read, and a window for one block of {} takes {}; give --memory-per-node at least {}{}",
            format_bytes(memory.budget), memory.ranks, memory.ranks == 1 ? "" : "s", format_bytes(taken),
            smallest_rows(request), format_bytes(least), format_bytes_up(taken + memory.domains * least),
            memory.ranks > 1 ? ", or start fewer ranks on a node" : ""));
  }
  return (memory.budget - taken) / memory.domains;
}

}  // namespace

window_regions window_for(const block_grid& blocks, const block_request& request) {
  return regions_for(request, std::min(blocks.block_rows(), request.channels),
                     std::min(blocks.block_samples(), blocks.samples()));
}

std::size_t largest_window(const memory_plan& memory, const block_request& request) {
  const std::size_t room = room_for_windows(memory, request);
  return room / 2 < smallest_window(request) ? room : room / 2;
}

std::size_t usual_window(std::size_t largest, const block_request& request, bool packs) {
  const std::size_t least = smallest_window(request);
  // Blocks of all rows are short: one cell of the grid would mostly be neighbours.
  const std::size_t usual =
      std::max(request.ranks * (packs ? packed_window_bytes_a_rank : window_bytes_a_rank),
               request.all_rows ? 4 * least : 0);
  return std::max(least, std::min(largest, usual));
}

std::size_t windows_for(const block_grid& blocks, const block_request& request, const memory_plan& memory) {
  const std::size_t both = 2 * window_for(blocks, request).bytes(request.sample_size);
  const bool follow_one_another = blocks.size() > request.domains;
  return follow_one_another && memory.node() + memory.domains * both <= memory.budget ? 2 : 1;
}

}  // namespace weir::pipeline
