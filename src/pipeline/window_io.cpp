#include "window_io.hpp"

namespace weir::pipeline {
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
  static constexpr auto write = &write_share<S>;
};
template struct instantiate<std::int16_t>;
template struct instantiate<std::uint16_t>;
template struct instantiate<std::int32_t>;
template struct instantiate<float>;
template struct instantiate<double>;

}  // namespace weir::pipeline
