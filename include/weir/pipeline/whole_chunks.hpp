#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <weir/block_grid.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/rate_ratio.hpp>
#include <weir/tile_cover.hpp>

/// Which chunks of a packed output lie in one block. The others wait, piece by piece, until all of their
/// blocks are done, and are packed then.
namespace weir::pipeline {

/// A packed output, as blocks meet it.
struct chunked_output {
  tile_shape chunk;
  std::size_t channels = 0;
  index_range selected;  ///< the input's samples that come out
  rate_ratio rate = {};

  index_range results() const { return rate.outputs_in(selected); }
};

/// The chunks of an output that blocks cut, and the pieces that they cut them into.
struct cut_chunks {
  std::uint64_t chunks = 0;  ///< of the output, cut or not
  std::uint64_t cut = 0;
  std::uint64_t pieces = 0;  ///< of those that are cut
};

/// `span`: the input's samples that the blocks cover.
cut_chunks chunks_cut_by(const block_grid& blocks, index_range span, const chunked_output& output);

/// The same request for blocks that begin with the output and hold its chunks whole.
block_request for_whole_chunks(block_request request, const chunked_output& output);

/// Blocks that hold chunks whole, in a window of `request.window_bytes` or, where that holds no such block,
/// one of up to `most_window_bytes`. Nothing where there are none that have at most `most_read` samples read.
std::optional<block_grid> choose_whole_chunks(block_request request, std::uint64_t most_read,
                                              std::size_t most_window_bytes);

}  // namespace weir::pipeline
