#include "window_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <weir/pipeline/block_choice.hpp>
#include <weir/tile_cover.hpp>

#include "buffers.hpp"
#include "read_unit.hpp"
#include "window_io.hpp"

namespace weir::pipeline {
namespace {

/// Calls `f(samples, position)` for each stretch of the file that fills `positions`, with the position at
/// which it begins: one stretch inside the recording, and one more for each time a filter wraps around its
/// ends.
template <class F>
void for_each_stretch(position_range positions, std::size_t length, F&& f) {
  const auto n = static_cast<std::ptrdiff_t>(length);
  for (std::ptrdiff_t at = positions.begin; at < positions.end;) {
    const std::ptrdiff_t first = (at % n + n) % n;
    const std::ptrdiff_t count = std::min(positions.end - at, n - first);
    f(index_range{static_cast<std::size_t>(first), static_cast<std::size_t>(first + count)}, at);
    at += count;
  }
}

/// The pieces that one tile holds of each group of channels, for one stretch of samples; numbered in the
/// order of the file.
class stretch_pieces {
 public:
  /// `spans`: of the samples of such pieces.
  stretch_pieces(index_range samples, std::ptrdiff_t first_position, std::vector<index_range> spans,
                 std::size_t groups, split_axis order)
      : samples_(samples),
        first_position_(first_position),
        spans_(std::move(spans)),
        groups_(groups),
        order_(order) {}

  std::size_t size() const { return groups_ * spans_.size(); }
  std::size_t group_of(std::size_t i) const {
    return order_ == split_axis::rows ? i / spans_.size() : i % groups_;
  }
  index_range samples_of(std::size_t i) const {
    return spans_[order_ == split_axis::rows ? i % spans_.size() : i / groups_];
  }
  /// Where samples of the stretch lie along a row.
  std::ptrdiff_t position_of(index_range samples) const {
    return first_position_ + static_cast<std::ptrdiff_t>(samples.begin - samples_.begin);
  }

 private:
  index_range samples_;
  std::ptrdiff_t first_position_;
  std::vector<index_range> spans_;
  std::size_t groups_;
  split_axis order_;
};

}  // namespace

std::size_t staged_read_bytes(const filter_job& job, const tile_shape& tile, sample_type in_window) {
  // Which rows are read together depends on the blocks, which are chosen later: look at the narrowest.
  const std::size_t tallest = io::tile_for_span(job.input, tile, 1).channels;
  const std::vector<channel_group> groups = channel_groups(
      job.result.channels, {0, job.output_recording().channels}, tallest, widest_gap(job.input));
  if (job.input.type == in_window && std::ranges::all_of(groups, &channel_group::is_plain)) return 0;
  std::size_t channels = 0;
  for (const channel_group& group : groups) channels = std::max(channels, group.channels.size());
  const std::size_t staged =
      std::min(channels * std::min(tile.samples, job.input.samples), tile.channels * tile.samples);
  return staged * size_of(job.input.type);
}

template <sample W>
window_reader<W>::window_reader(const filter_job& job, const filter_reach& reach)
    : job_(job),
      reach_(reach),
      source_(job.input),
      file_(job.input, reader_cache_bytes(job.input)),
      staging_(staged_read_bytes(job, file_.tiles(), sample_type_of<W>())) {}

template <sample W>
std::uint64_t window_reader<W>::read(const window_view<W>& window, work_shares& tiles) {
  return visit_sample_type(job_.input.type, [&]<sample S>(S) { return read_as<S>(window, tiles); });
}

template <sample W>
template <sample S>
std::uint64_t window_reader<W>::read_as(const window_view<W>& window, work_shares& tiles) {
  const io::recording& what = job_.input;
  const block& where = window.where();
  const position_range positions = positions_of(where.samples, what.samples, reach_);
  const tile_shape tile = io::tile_for_span(what, file_.tiles(), positions.size());
  // Of several files one is open at a time, so its pieces are read after one another.
  const split_axis order = what.files.empty() ? file_order(what) : split_axis::time;
  const std::vector<channel_group> groups =
      channel_groups(job_.result.channels, where.rows, tile.channels, widest_gap(what));
  std::vector<stretch_pieces> stretches;
  std::size_t pieces = 0;
  for_each_stretch(positions, what.samples, [&](index_range stretch, std::ptrdiff_t first_position) {
    stretches.emplace_back(stretch, first_position, source_.cut(stretch, tile.samples), groups.size(), order);
    pieces += stretches.back().size();
  });

  std::uint64_t samples_touched = 0;
  const std::uint64_t packed_before = file_.packed_bytes_read().value_or(0);
  while (const std::optional<std::size_t> taken = tiles.take(pieces)) {
    std::size_t number = *taken;
    auto stretch = stretches.begin();
    while (number >= stretch->size()) number -= stretch++->size();
    const channel_group& group = groups[stretch->group_of(number)];
    const index_range samples = stretch->samples_of(number);
    samples_touched += source_.samples_touched(group.channels, samples);
    read_piece<S>(window, group, samples, stretch->position_of(samples));
  }
  const std::optional<std::uint64_t> packed = file_.packed_bytes_read();
  return packed ? *packed - packed_before : samples_touched * sizeof(S);
}

template <sample W>
template <sample S>
void window_reader<W>::read_piece(const window_view<W>& window, const channel_group& group,
                                  index_range samples, std::ptrdiff_t position) {
  const auto row = [&](std::size_t i) {
    return window.at(group.rows[i].row - window.where().rows.begin, position);
  };
  if constexpr (std::is_same_v<S, W>) {
    if (group.is_plain()) {
      file_.read(group.channels, samples, row(0), window.stride());
      return;
    }
  }
  S* const staged = reinterpret_cast<S*>(staging_.data());
  file_.read(group.channels, samples, staged, samples.size());
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    const std::size_t line = group.rows[i].channel - group.channels.begin;
    std::transform(staged + line * samples.size(), staged + (line + 1) * samples.size(), row(i),
                   [](S value) { return static_cast<W>(value); });
  }
}

template class window_reader<std::int16_t>;
template class window_reader<std::uint16_t>;
template class window_reader<std::int32_t>;
template class window_reader<float>;
template class window_reader<double>;

}  // namespace weir::pipeline
