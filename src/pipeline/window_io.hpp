#pragma once

#include <cstdint>

#include <weir/io/reader.hpp>
#include <weir/io/recording.hpp>
#include <weir/io/writer.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/tile_cover.hpp>

#include "window_view.hpp"

namespace weir::pipeline {

/// The order in which a recording's tiles lie in its file.
inline split_axis file_order(const io::recording& what) {
  return what.axis == io::time_axis::first ? split_axis::time : split_axis::rows;
}

/// Reads this share's tiles of a block and its halo into the window; the shares of a domain's ranks fill it.
/// A tile is read by one rank alone, so each chunk of the file is unpacked once a block. Returns the bytes
/// read, in whole units of `read_unit()`. Not collective.
template <sample S>
std::uint64_t read_share(io::reader& file, const io::recording& what, const filter_reach& reach,
                         const window_view<S>& window, share mine);

/// Writes this share's tiles of a filtered block out of the window. Returns the bytes written. Not
/// collective.
template <sample S>
std::uint64_t write_share(io::writer& file, const io::recording& what, const window_view<S>& window,
                          share mine);

}  // namespace weir::pipeline
