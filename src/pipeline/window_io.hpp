#pragma once

#include <cstdint>

#include <weir/io/recording.hpp>
#include <weir/io/writer.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/shm/work_shares.hpp>
#include <weir/tile_cover.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// The order in which a recording's tiles lie in its file.
inline split_axis file_order(const io::recording& what) {
  return what.axis == io::time_axis::first ? split_axis::time : split_axis::rows;
}

/// Writes tiles of a filtered block out of the window, those that this rank takes of the domain's `shares`.
/// Returns the bytes written. Not collective.
template <sample S>
std::uint64_t write_tiles(io::writer& file, const io::recording& what, const window_view<S>& window,
                          work_shares& shares);

}  // namespace weir::pipeline
