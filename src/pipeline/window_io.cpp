#include "window_io.hpp"

#include <algorithm>

#include <weir/pipeline/block_choice.hpp>

#include "read_unit.hpp"

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

}  // namespace

template <sample S>
std::uint64_t read_share(io::reader& file, const io::recording& what, const filter_reach& reach,
                         const window_view<S>& window, share mine) {
  std::uint64_t samples_touched = 0;
  const tile_shape unit = read_unit(what);
  const block& where = window.where();
  for_each_stretch(positions_of(where.samples, what.samples, reach), what.samples,
                   [&](index_range stretch, std::ptrdiff_t first_position) {
                     const tile_cover tiles({where.rows, stretch}, file.tiles(), file_order(what));
                     const index_range own = part_of(tiles.size(), mine.of, mine.index);
                     for (std::size_t i = own.begin; i < own.end; ++i) {
                       const block tile = tiles[i];
                       const auto position =
                           first_position + static_cast<std::ptrdiff_t>(tile.samples.begin - stretch.begin);
                       file.read(tile.rows, tile.samples,
                                 window.at(tile.rows.begin - where.rows.begin, position), window.stride());
                       samples_touched += touched(tile.rows, unit.channels, what.channels) *
                                          touched(tile.samples, unit.samples, what.samples);
                     }
                   });
  return samples_touched * sizeof(S);
}

template <sample S>
std::uint64_t write_share(io::writer& file, const io::recording& what, const window_view<S>& window,
                          share mine) {
  std::uint64_t samples_written = 0;
  const block& where = window.where();
  const tile_cover tiles(where, file.tiles(), file_order(what));
  const index_range own = part_of(tiles.size(), mine.of, mine.index);
  for (std::size_t i = own.begin; i < own.end; ++i) {
    const block tile = tiles[i];
    file.write(tile.rows, tile.samples,
               window.at(tile.rows.begin - where.rows.begin, static_cast<std::ptrdiff_t>(tile.samples.begin)),
               window.stride());
    samples_written += tile.rows.size() * tile.samples.size();
  }
  return samples_written * sizeof(S);
}

template <sample S>
struct instantiate {
  static constexpr auto read = &read_share<S>;
  static constexpr auto write = &write_share<S>;
};
template struct instantiate<std::int16_t>;
template struct instantiate<std::uint16_t>;
template struct instantiate<std::int32_t>;
template struct instantiate<float>;
template struct instantiate<double>;

}  // namespace weir::pipeline
