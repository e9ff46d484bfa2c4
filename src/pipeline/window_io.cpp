#include "window_io.hpp"

#include <optional>

namespace weir::pipeline {
template <sample S>
std::uint64_t write_tiles(io::writer& file, const io::recording& what, const window_view<S>& window,
                          work_shares& shares) {
  std::uint64_t samples_written = 0;
  const block& where = window.where();
  const tile_cover tiles(where, file.tiles(), file_order(what));
  while (const std::optional<std::size_t> taken = shares.take(tiles.size())) {
    const block tile = tiles[*taken];
    file.write(tile.rows, tile.samples,
               window.at(tile.rows.begin - where.rows.begin, static_cast<std::ptrdiff_t>(tile.samples.begin)),
               window.stride());
    samples_written += tile.rows.size() * tile.samples.size();
  }
  return samples_written * sizeof(S);
}

template <sample S>
struct instantiate {
  static constexpr auto write = &write_tiles<S>;
};
template struct instantiate<std::int16_t>;
template struct instantiate<std::uint16_t>;
template struct instantiate<std::int32_t>;
template struct instantiate<float>;
template struct instantiate<double>;

}  // namespace weir::pipeline
