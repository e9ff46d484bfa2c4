#include <span>
#include <string>
#include <string_view>

#include <weir/io/json_text.hpp>
#include <weir/io/progress_marker.hpp>
#include <weir/pipeline/checkpoint.hpp>

#include "fuzz.hpp"

using namespace weir;

namespace {

void check(const pipeline::checkpoint& state) {
  const block_grid blocks = state.blocks();
  fuzz::require(blocks.size() > 0, "a recording has blocks");
  const block last = blocks[blocks.size() - 1];
  fuzz::require(!last.rows.empty() && last.rows.end == state.part.channels,
                "the last block ends with the rows");
  fuzz::require(!last.samples.empty() && last.samples.end == state.span.size(),
                "the last block ends with the samples");
  const block_set left = state.done.complement(blocks.size());
  fuzz::require(left.size() + state.done.size() == blocks.size(), "a block is done or left");

  const std::string text = io::marker_text(state);
  const auto again = pipeline::checkpoint_from(io::parse_marker(text, "again"));
  fuzz::require(io::marker_text(again) == text, "a marker keeps its state");
}

}  // namespace

/// Progress markers: whole files, and states whose checksum is right. What is resumed is sound.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(reinterpret_cast<const char*>(data), size);
  fuzz::result_or_refusal([&] { return io::parse_marker(bytes, "marker"); }, {exit_code::bad_data});

  const std::string marker = io::marker_of_body({bytes.data(), bytes.size()});
  const auto json =
      fuzz::result_or_refusal([&] { return io::parse_marker(marker, "marker"); }, {exit_code::bad_data});
  if (!json) return 0;
  const auto state =
      fuzz::result_or_refusal([&] { return pipeline::checkpoint_from(*json); }, {exit_code::bad_data});
  if (state) check(*state);
  return 0;
}
