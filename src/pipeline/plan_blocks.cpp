#include "plan_blocks.hpp"

#include <utility>

#include <fmt/format.h>

#include <weir/byte_size.hpp>
#include <weir/error.hpp>

#include "window_budget.hpp"

namespace weir::pipeline {
namespace {

/// The blocks of the run that is resumed, if they fit into what `memory` leaves for windows.
planned_blocks begun_blocks(const checkpoint& begun, block_request request, memory_plan memory,
                            const std::optional<chunked_output>& packed) {
  if (packed) request = for_whole_chunks(std::move(request), *packed);
  request.span = begun.span;
  const block_grid blocks = begun.blocks();
  memory.window = window_for(blocks, request).bytes(request.sample_size);
  if (memory.node() > memory.budget) {
    throw error(
        exit_code::usage,
        fmt::format(
            "the run that is resumed was begun with blocks that take {} a node, and the budget is {}; "
            "give --memory-per-node at least {}",
            format_bytes(memory.node()), format_bytes(memory.budget), format_bytes_up(memory.node())));
  }
  return {blocks, std::move(request)};
}

/// The samples that may be read for blocks that cut no chunk: those of `blocks`, and twice as many as lie in
/// the chunks that these cut, which are written and read once more before they are packed.
std::uint64_t worth_reading(const block_grid& blocks, const block_request& request,
                            const chunked_output& output) {
  const cut_chunks found = chunks_cut_by(blocks, covered(request), output);
  const double part = static_cast<double>(found.cut) / static_cast<double>(found.chunks);
  const double all = static_cast<double>(request.channels) * static_cast<double>(output.selected.size());
  return samples_read(blocks, request) + static_cast<std::uint64_t>(2 * part * all);
}

}  // namespace

planned_blocks plan_blocks(block_request request, const memory_plan& memory,
                           const std::optional<chunked_output>& packed,
                           const std::optional<checkpoint>& begun) {
  if (begun) return begun_blocks(*begun, std::move(request), memory, packed);
  const std::size_t largest = largest_window(memory, request);
  request.window_bytes = usual_window(largest, request, packed.has_value());
  const block_grid plain = choose_blocks_up_to(request, largest);
  if (packed && !request.block_samples) {
    block_request whole = for_whole_chunks(request, *packed);
    if (const auto found = choose_whole_chunks(whole, worth_reading(plain, request, *packed), largest)) {
      return {*found, std::move(whole)};
    }
  }
  return {plain, std::move(request)};
}

}  // namespace weir::pipeline
