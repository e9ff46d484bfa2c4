#include "nonfinite_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include <weir/channel_groups.hpp>
#include <weir/io/reader.hpp>
#include <weir/mpi/agree.hpp>

#include "buffers.hpp"
#include "read_unit.hpp"

namespace weir::pipeline {
namespace {

struct found_sample {
  std::size_t sample = std::numeric_limits<std::size_t>::max();
  std::size_t channel = std::numeric_limits<std::size_t>::max();
  bool is_nan = false;

  bool is_before(const found_sample& other) const {
    return std::pair(sample, channel) < std::pair(other.sample, other.channel);
  }
};

/// The first of the chosen channels' samples in a slice, a file's tile after the other.
template <sample S>
found_sample search(io::reader& file, const std::vector<channel_group>& groups, index_range samples,
                    std::vector<S>& staging) {
  found_sample first;
  for (const channel_group& group : groups) {
    staging.resize(group.channels.size() * samples.size());
    file.read(group.channels, samples, staging.data(), samples.size());
    for (const row_source& row : group.rows) {
      const S* const line = staging.data() + (row.channel - group.channels.begin) * samples.size();
      const S* const bad = std::find_if(line, line + samples.size(),
                                        [](S value) { return !std::isfinite(static_cast<double>(value)); });
      if (bad == line + samples.size()) continue;
      const found_sample found{samples.begin + static_cast<std::size_t>(bad - line), row.channel,
                               std::isnan(static_cast<double>(*bad))};
      if (found.is_before(first)) first = found;
    }
  }
  return first;
}

std::string sentence_of(const found_sample& first, const io::recording& input) {
  const std::string time =
      input.sampling_rate
          ? fmt::format("{:.9g} s (sample {})", static_cast<double>(first.sample) / *input.sampling_rate,
                        first.sample)
          : fmt::format("sample {}", first.sample);
  return fmt::format(
      "channel {} is {} at {}, and --nan error refuses that; mend the recording, choose --time or --channels "
      "without it, or take --nan propagate",
      first.channel, first.is_nan ? "NaN" : "infinite", time);
}

}  // namespace

std::optional<std::string> first_nonfinite(const topology& where, const filter_job& job,
                                           const filter_reach& reach) {
  if (is_integer(job.input.type)) return std::nullopt;
  const communicator& world = where.world();
  const io::recording& input = job.input;
  const auto ranks = static_cast<std::size_t>(world.size());
  const auto rank = static_cast<std::size_t>(world.rank());
  const index_range selected = job.selected_samples();
  const bool reads_all = reach.wraps;
  const index_range span{reads_all ? 0 : selected.begin - std::min(selected.begin, reach.before),
                         reads_all ? input.samples : std::min(selected.end + reach.after, input.samples)};
  auto file = agree(world, [&] { return io::reader(input, reader_cache_bytes(input)); });
  const tile_shape tile = file.tiles();
  const std::vector<channel_group> groups = channel_groups(
      job.result.channels, {0, job.output_recording().channels}, tile.channels, widest_gap(input));
  const std::size_t first_slice = span.begin / tile.samples;
  const std::size_t slices = ceil_div(span.end, tile.samples) - first_slice;
  for (std::size_t round = 0; round < ceil_div(slices, ranks); ++round) {
    const std::size_t slice = round * ranks + rank;
    const found_sample mine = agree(world, [&] {
      if (slice >= slices) return found_sample{};
      const index_range samples = intersection(
          {(first_slice + slice) * tile.samples, (first_slice + slice + 1) * tile.samples}, span);
      return visit_sample_type(input.type, [&]<sample S>(S) {
        std::vector<S> staging;
        return search<S>(file, groups, samples, staging);
      });
    });
    const std::vector<found_sample> all = world.all_gather(mine);
    const found_sample& first =
        *std::ranges::min_element(all, [](const auto& a, const auto& b) { return a.is_before(b); });
    if (first.channel != found_sample{}.channel) return sentence_of(first, input);
  }
  return std::nullopt;
}

}  // namespace weir::pipeline
