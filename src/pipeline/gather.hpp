#pragma once

#include <vector>

#include <weir/io/recording.hpp>
#include <weir/mpi/communicator.hpp>
#include <weir/tile_cover.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// Most bytes of a block that travel in one message, and that the receiver holds of it.
inline constexpr std::size_t gather_bytes = std::size_t{8} << 20;

/// The pieces in which a block travels: as many of its rows as fit a message, or parts of one row.
template <sample S>
tile_cover gather_pieces(const block& where) {
  const std::size_t most = gather_bytes / sizeof(S);
  const std::size_t samples = std::clamp<std::size_t>(where.samples.size(), 1, most);
  const std::size_t rows = std::min(where.rows.size(), std::max<std::size_t>(1, most / samples));
  return {where, {rows, samples}, split_axis::rows};
}

/// Sends a block out of the window to rank `destination` of `leaders`. Not collective: it pairs with one
/// receive_block(), which must be called whether or not either side can use what is sent.
template <sample S>
void send_block(const communicator& leaders, const window_view<S>& window, int destination,
                std::vector<S>& staging) {
  const tile_cover pieces = gather_pieces<S>(window.where());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const block piece = pieces[i];
    staging.resize(piece.rows.size() * piece.samples.size());
    for (std::size_t row = 0; row < piece.rows.size(); ++row) {
      const S* from = window.at(piece.rows.begin - window.where().rows.begin + row,
                                static_cast<std::ptrdiff_t>(piece.samples.begin));
      std::copy_n(from, piece.samples.size(), staging.data() + row * piece.samples.size());
    }
    leaders.send(std::span<const S>(staging), destination);
  }
}

/// Receives a block that rank `source` of `leaders` sends, and calls `use(piece, data)` for each of its
/// pieces: `data` holds the piece's rows one after another.
template <sample S, class F>
void receive_block(const communicator& leaders, const block& where, int source, std::vector<S>& staging,
                   F&& use) {
  const tile_cover pieces = gather_pieces<S>(where);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const block piece = pieces[i];
    staging.resize(piece.rows.size() * piece.samples.size());
    leaders.receive(std::span<S>(staging), source);
    use(piece, static_cast<const S*>(staging.data()));
  }
}

}  // namespace weir::pipeline
