#include <algorithm>

#include <weir/channel_groups.hpp>
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
    const index_range here = computed(r, {range.begin + covered(r).begin, range.end + covered(r).begin});
    samples += samples_touched(r, positions_of(here, r.samples, r.reach));
  }
  return rows * samples;
}

}  // namespace weir::pipeline
