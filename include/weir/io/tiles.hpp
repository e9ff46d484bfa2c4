#pragma once

#include <cstddef>

#include <weir/io/recording.hpp>
#include <weir/tile_cover.hpp>

namespace weir::io {

using weir::tile_shape;

/// The natural unit of reading or writing a recording: whole chunks, at least one, and as many along time as
/// make about 1 MiB; parts of a chunk that is larger and goes through no filter; about 1 MiB of consecutive
/// bytes of contiguous data. Ranks that divide tiles among themselves decompress every chunk once.
tile_shape natural_tiles(const recording& what);

/// The unit of reading a block whose rows are `span` samples wide, from its recording's natural `tile`:
/// taller where rows lie apart in the file, so that a read brings about as many bytes of a part of them as of
/// whole ones; never more than the tile's.
tile_shape tile_for_span(const recording& what, tile_shape tile, std::size_t span);

/// The chunk shape of an output whose source is stored as `source`: the source's own where a chunk holds 64
/// KiB to 16 MiB, otherwise its aspect at about 1 MiB; larger where there would be more than a million
/// chunks, and never larger than the recording.
tile_shape output_chunk(tile_shape source, std::size_t channels, std::size_t samples, sample_type type);

}  // namespace weir::io
