#include <algorithm>
#include <numeric>

#include <weir/pipeline/whole_chunks.hpp>

namespace weir::pipeline {
namespace {

/// What the blocks' ends along one axis make of its chunks.
struct cuts_of_axis {
  std::uint64_t chunks = 0;
  std::uint64_t cut = 0;
  std::uint64_t ends_inside = 0;  ///< of blocks, in a chunk

  std::uint64_t pieces() const { return chunks + ends_inside; }
  std::uint64_t whole() const { return chunks - cut; }
};

/// `end_of(i)`: where the i-th of `blocks` blocks ends on an axis of `length`, in rising order.
template <class F>
cuts_of_axis cuts_of(std::size_t length, std::size_t chunk, std::size_t blocks, F&& end_of) {
  cuts_of_axis found{.chunks = ceil_div(length, chunk)};
  std::size_t last = length;
  for (std::size_t i = 0; i + 1 < blocks; ++i) {
    const std::size_t end = end_of(i);
    if (end % chunk == 0 || end >= length) continue;
    ++found.ends_inside;
    if (end / chunk != last) ++found.cut;
    last = end / chunk;
  }
  return found;
}

}  // namespace

cut_chunks chunks_cut_by(const block_grid& blocks, index_range span, const chunked_output& output) {
  const index_range results = output.results();
  const cuts_of_axis rows = cuts_of(output.channels, output.chunk.channels, blocks.row_blocks(),
                                    [&](std::size_t i) { return blocks.row_range(i).end; });
  const cuts_of_axis times =
      cuts_of(results.size(), output.chunk.samples, blocks.time_blocks(), [&](std::size_t i) {
        const std::size_t end = output.rate.outputs_before(span.begin + blocks.time_range(i).end);
        return std::max(end, results.begin) - results.begin;
      });
  const std::uint64_t whole = rows.whole() * times.whole();
  return {.chunks = rows.chunks * times.chunks,
          .cut = rows.chunks * times.chunks - whole,
          .pieces = rows.pieces() * times.pieces() - whole};
}

block_request for_whole_chunks(block_request request, const chunked_output& output) {
  // So many chunks stand on a whole number of samples, wherever the first one stands.
  const std::size_t common = std::gcd(output.chunk.samples, output.rate.up);
  request.chunks = chunk_multiple{.rows = output.chunk.channels,
                                  .samples = output.chunk.samples / common * output.rate.down,
                                  .chunks = output.rate.up / common};
  request.span = output.selected;
  return request;
}

std::optional<block_grid> choose_whole_chunks(block_request request, std::uint64_t most_read,
                                              std::size_t most_window_bytes) {
  while (request.window_bytes <= most_window_bytes) {
    const std::optional<block_grid> found = find_blocks(request);
    if (found && samples_read(*found, request) <= most_read) return found;
    if (request.window_bytes == most_window_bytes) break;
    request.window_bytes = std::min(2 * request.window_bytes, most_window_bytes);
  }
  return std::nullopt;
}

}  // namespace weir::pipeline
