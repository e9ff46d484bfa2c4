#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include <weir/channel_groups.hpp>
#include <weir/error.hpp>
#include <weir/pipeline/block_choice.hpp>

namespace weir::pipeline {
namespace {

/// The part of positions that lies in the recording itself.
index_range inside(position_range range, std::size_t length) {
  const auto n = static_cast<std::ptrdiff_t>(length);
  return {static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(range.begin, 0, n)),
          static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(range.end, 0, n))};
}

/// Samples of each row that a read of `range` touches, file by file; those beyond the recording's ends, which
/// stand at its other end, are counted as they are.
std::uint64_t samples_touched(const block_request& r, position_range range) {
  const index_range own = inside(range, r.samples);
  const source_span whole{{0, r.samples}, {r.tile_channels, r.tile_samples}};
  const std::span<const source_span> files =
      r.files.empty() ? std::span<const source_span>(&whole, 1) : r.files;
  std::uint64_t sum = range.size() - own.size();
  const index_range touching = spans_touched(files, own);
  for (std::size_t i = touching.begin; i < touching.end; ++i) {
    const source_span& file = files[i];
    const index_range here = intersection(file.samples, own);
    sum += touched({here.begin - file.samples.begin, here.end - file.samples.begin}, file.unit.samples,
                   file.samples.size());
  }
  return sum;
}

std::uint64_t rows_touched(const block_request& r, index_range rows) {
  if (r.rows.empty()) return pipeline::touched(rows, r.tile_channels, r.channels);
  std::uint64_t channels = 0;
  for (const channel_group& group : channel_groups(r.rows, rows, r.tile_channels, r.widest_gap)) {
    channels += pipeline::touched(group.channels, r.tile_channels, r.file_channels);
  }
  return channels;
}

/// What the layouts of a block's input, and of its output of another rate, add to a row for alignment.
constexpr std::size_t slack_bytes_a_row(const block_request& r) {
  constexpr std::size_t a_layout = 3 * 64;
  return r.rate.is_one() ? a_layout : 2 * a_layout;
}

/// The longest span of a block of `rows` rows that fits the window; 0 if not even one grid cell does.
std::size_t longest_span(const block_request& r, std::size_t rows) {
  if (regions_for(r, rows, covered(r).size()).bytes(r.sample_size) <= r.window_bytes)
    return covered(r).size();
  const std::size_t columns = r.window_bytes / (rows * r.sample_size);
  const std::size_t taken =
      2 * std::max(r.reach.before, r.reach.after) + slack_bytes_a_row(r) / r.sample_size;
  const std::size_t free = columns > taken ? columns - taken : 0;
  const std::size_t span = r.rate.is_one() ? free : free * r.rate.down / (r.rate.up + r.rate.down);
  return std::min(span / r.reach.grid * r.reach.grid, covered(r).size());
}

/// The shortest spans on the engine's grid that begin and end with the file's chunks.
std::size_t chunk_grid(const block_request& r) {
  return std::lcm(r.reach.grid, std::max(r.tile_samples, r.chunk_samples));
}

/// Rounds a span down to whole file chunks too, where that leaves at least half of it.
std::size_t on_chunks(const block_request& r, std::size_t span) {
  const std::size_t both = chunk_grid(r);
  return both <= span / 2 ? span / both * both : span;
}

/// Evens the spans out so that domains have equal numbers of them, and makes enough of them.
std::size_t even_span(const block_request& r, std::size_t rows, std::size_t span, split_axis split) {
  const std::size_t row_blocks = ceil_div(r.channels, rows);
  const std::size_t samples = covered(r).size();
  std::size_t spans = ceil_div(samples, span);
  if (split == split_axis::time) spans = round_up(spans, r.domains);
  spans = std::max(spans, ceil_div(r.domains, row_blocks));
  // Whole chunks still, where no domain gets less than its share by it.
  const std::size_t even = std::min(span, round_up(ceil_div(samples, spans), chunk_grid(r)));
  const bool is_fair = r.domains == 1 || ceil_div(samples, even) == spans;
  if (span % chunk_grid(r) == 0 && is_fair) return even;
  return std::min(span, round_up(ceil_div(samples, spans), r.reach.grid));
}

block_grid cut(const block_request& r, std::size_t rows, split_axis split) {
  if (split == split_axis::rows && r.channels > rows) {
    const std::size_t tile = rows >= r.tile_channels ? r.tile_channels : 1;
    const std::size_t ranges = round_up(ceil_div(r.channels, rows), r.domains);
    rows = std::min(rows, round_up(ceil_div(r.channels, ranges), tile));
  }
  const std::size_t samples = covered(r).size();
  std::size_t span = r.block_samples ? std::min(*r.block_samples, samples) : longest_span(r, rows);
  if (!r.block_samples && span < samples) span = on_chunks(r, span);
  if (!r.block_samples) span = even_span(r, rows, span, split);
  return {r.channels, samples, rows, span, split};
}

bool fits(const block_request& r, std::size_t rows) {
  const std::size_t span = longest_span(r, rows);
  return span > 0 && (!r.block_samples || span >= std::min(*r.block_samples, covered(r).size()));
}

/// Numbers of rows to try, from all that a domain may take down to one, in whole chunks where possible.
std::vector<std::size_t> row_candidates(const block_request& r, split_axis split) {
  if (r.all_rows) return {r.channels};
  const std::size_t most = split == split_axis::rows ? ceil_div(r.channels, r.domains) : r.channels;
  std::vector<std::size_t> candidates;
  for (std::size_t rows = most; rows > 0; rows /= 2) {
    candidates.push_back(2 * rows >= r.tile_channels ? std::min(round_up(rows, r.tile_channels), most)
                                                     : rows);
  }
  return candidates;
}

}  // namespace

index_range spans_touched(std::span<const source_span> spans, index_range samples) {
  if (samples.empty()) return {};
  const auto begin = std::ranges::upper_bound(spans, samples.begin, {},
                                              [](const source_span& one) { return one.samples.end; });
  const auto end = std::ranges::lower_bound(spans, samples.end, {},
                                            [](const source_span& one) { return one.samples.begin; });
  return {static_cast<std::size_t>(begin - spans.begin()), static_cast<std::size_t>(end - spans.begin())};
}

std::uint64_t samples_read(const block_grid& grid, const block_request& r) {
  std::uint64_t rows = 0;
  for (std::size_t i = 0; i < grid.row_blocks(); ++i) {
    rows += rows_touched(r, grid.row_range(i));
  }
  std::uint64_t samples = 0;
  for (std::size_t i = 0; i < grid.time_blocks(); ++i) {
    const index_range range = grid.time_range(i);
    const index_range here{range.begin + covered(r).begin, range.end + covered(r).begin};
    samples += samples_touched(r, positions_of(here, r.samples, r.reach));
  }
  return rows * samples;
}

std::string smallest_rows(const block_request& r) {
  return r.all_rows && r.channels > 1 ? fmt::format("all {} channels", r.channels) : "one channel";
}

std::size_t smallest_window(const block_request& r) {
  const std::size_t span = std::min(r.block_samples.value_or(r.reach.grid), covered(r).size());
  const std::size_t rows = r.all_rows ? r.channels : 1;
  return regions_for(r, rows, span).bytes(r.sample_size) + rows * slack_bytes_a_row(r);
}

window_regions regions_for(const block_request& r, std::size_t rows, std::size_t span) {
  return make_window_regions(rows, span, r.samples, r.reach, r.rate, r.sample_size);
}

block_grid choose_blocks(const block_request& r) {
  std::optional<block_grid> best;
  std::uint64_t best_read = 0;
  // What must be left of reading for smaller blocks or another split to be worth it. With few rows to share
  // ranks wait for one another.
  const std::size_t enough_rows = 3 * rows_to_share(r.ranks);
  const auto worth = [&](std::size_t rows) {
    return rows < enough_rows && best->block_rows() >= enough_rows ? 0.95 : 0.995;
  };
  const auto consider = [&](split_axis split) {
    for (const std::size_t rows : row_candidates(r, split)) {
      if (!fits(r, rows)) continue;
      const block_grid grid = cut(r, rows, split);
      const std::uint64_t read = samples_read(grid, r);
      if (!best || static_cast<double>(read) < worth(grid.block_rows()) * static_cast<double>(best_read)) {
        best = grid;
        best_read = read;
      }
    }
  };
  const split_axis natural = r.time_first || r.all_rows ? split_axis::time : split_axis::rows;
  consider(r.split.value_or(natural));
  if (!r.split && !r.all_rows) consider(natural == split_axis::time ? split_axis::rows : split_axis::time);
  if (!best) {
    throw error(exit_code::usage,
                fmt::format("a window of {} bytes is too small for one block of {}, which takes {} bytes; "
                            "raise --memory-per-node or shorten --chunk-duration",
                            r.window_bytes, smallest_rows(r), smallest_window(r)));
  }
  return *best;
}

block_grid choose_blocks_up_to(block_request request, std::size_t most_window_bytes) {
  // A small window stays in the caches: so much more may be read, from memory mostly.
  constexpr double worth_a_cache = 1.1;
  block_grid best = choose_blocks(request);
  if (request.window_bytes >= most_window_bytes) return best;
  block_request largest = request;
  largest.window_bytes = most_window_bytes;
  const auto enough = worth_a_cache * static_cast<double>(samples_read(choose_blocks(largest), largest));
  while (static_cast<double>(samples_read(best, request)) > enough) {
    request.window_bytes = std::min(2 * request.window_bytes, most_window_bytes);
    best = choose_blocks(request);
  }
  return best;
}

}  // namespace weir::pipeline
