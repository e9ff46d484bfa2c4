#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include <weir/error.hpp>
#include <weir/pipeline/block_choice.hpp>

namespace weir::pipeline {
namespace {

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
  const std::size_t most = r.rate.is_one() ? free : free * r.rate.down / (r.rate.up + r.rate.down);
  std::size_t span = std::min(most / step(r) * step(r), covered(r).size());
  // What is computed beside such a block is not in that sum.
  while (r.chunks && span > 0 && regions_for(r, rows, span).bytes(r.sample_size) > r.window_bytes) {
    span = (span - 1) / step(r) * step(r);
  }
  return span;
}

/// The shortest spans of blocks that begin and end with the file's chunks.
std::size_t chunk_grid(const block_request& r) {
  return std::lcm(step(r), std::max(r.tile_samples, r.chunk_samples));
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
  return std::min(span, round_up(ceil_div(samples, spans), step(r)));
}

/// The rows that blocks are to be multiples of.
std::size_t row_unit(const block_request& r) {
  if (!r.chunks) return r.tile_channels;
  const std::size_t both = std::lcm(r.tile_channels, r.chunks->rows);
  return both <= r.channels ? both : r.chunks->rows;
}

block_grid cut(const block_request& r, std::size_t rows, split_axis split) {
  if (split == split_axis::rows && r.channels > rows) {
    const std::size_t tile = rows >= row_unit(r) ? row_unit(r) : 1;
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
  const std::size_t unit = row_unit(r);
  std::size_t most = split == split_axis::rows ? ceil_div(r.channels, r.domains) : r.channels;
  if (r.chunks) most = std::min(round_up(most, r.chunks->rows), r.channels);
  std::vector<std::size_t> candidates;
  for (std::size_t rows = most; rows > 0; rows /= 2) {
    candidates.push_back(2 * rows >= unit ? std::min(round_up(rows, unit), most) : rows);
  }
  return candidates;
}

/// Samples of the domain that has most of them to do.
std::uint64_t largest_share(const block_grid& grid, std::size_t domains) {
  std::uint64_t largest = 0;
  for (std::size_t domain = 0; domain < domains; ++domain) {
    const index_range own = grid.of_domain(domains, domain);
    std::uint64_t samples = 0;
    for (std::size_t i = own.begin; i < own.end; ++i) {
      samples += std::uint64_t{grid[i].rows.size()} * grid[i].samples.size();
    }
    largest = std::max(largest, samples);
  }
  return largest;
}

/// Whether a grid keeps the output's chunks whole, and the ranks busy all the same: a chunk is packed by one
/// rank, and blocks of whole chunks may be few.
bool serves_chunks(const block_request& r, const block_grid& grid) {
  constexpr double most_of_share = 1.25;
  const std::size_t rows = std::min(grid.block_rows(), r.channels);
  const std::size_t samples = std::min(grid.block_samples(), grid.samples());
  if (rows < r.channels && rows % r.chunks->rows != 0) return false;
  const std::size_t chunks =
      ceil_div(rows, r.chunks->rows) * ceil_div(samples, r.chunks->samples) * r.chunks->chunks;
  if (chunks < r.ranks && grid.size() > 1) return false;
  const double fair =
      static_cast<double>(r.channels) * static_cast<double>(grid.samples()) / static_cast<double>(r.domains);
  return r.domains == 1 || static_cast<double>(largest_share(grid, r.domains)) <= most_of_share * fair;
}

}  // namespace

std::string smallest_rows(const block_request& r) {
  return r.all_rows && r.channels > 1 ? fmt::format("all {} channels", r.channels) : "one channel";
}

std::size_t smallest_window(const block_request& r) {
  const std::size_t span = std::min(r.block_samples.value_or(step(r)), covered(r).size());
  const std::size_t rows = r.all_rows ? r.channels : 1;
  return regions_for(r, rows, span).bytes(r.sample_size) + rows * slack_bytes_a_row(r);
}

window_regions regions_for(const block_request& r, std::size_t rows, std::size_t span) {
  // A block that is not all of the row has neighbours, though as much may be computed for it.
  const std::size_t length = span < covered(r).size() ? r.samples + 1 : r.samples;
  return make_window_regions(rows, most_computed(r, span), length, r.reach, r.rate, r.sample_size);
}

std::optional<block_grid> find_blocks(const block_request& r) {
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
      if (r.chunks && !serves_chunks(r, grid)) continue;
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
  return best;
}

block_grid choose_blocks(const block_request& r) {
  const std::optional<block_grid> best = find_blocks(r);
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
