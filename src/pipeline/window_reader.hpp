#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <weir/channel_groups.hpp>
#include <weir/io/reader.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/shm/work_shares.hpp>

#include "source_map.hpp"
#include "window_view.hpp"

namespace weir::pipeline {

/// Bytes that a window_reader holds beside its reader, whose unit is `tile`: rows that do not lie in the file
/// as they do in the window, or are of another type there, come through a tile of their own.
std::size_t staged_read_bytes(const filter_job& job, const tile_shape& tile, sample_type in_window);

/// Brings a job's channels from its input to a window of samples of type W, which holds those of the input
/// exactly. One on every rank.
template <sample W>
class window_reader {
 public:
  /// Opens the input. Keeps `job`. Throws what io::reader throws.
  window_reader(const filter_job& job, const filter_reach& reach);

  /// Reads tiles of a block and its halo, those that this rank takes of the domain's `tiles`; what all ranks
  /// take fills the window. A tile is read by one rank alone, so each chunk of the file is unpacked once a
  /// block. Returns the bytes read, in whole units of `read_unit()`, of packed chunks what they take in the
  /// file. Not collective.
  std::uint64_t read(const window_view<W>& window, work_shares& tiles);

 private:
  template <sample S>
  std::uint64_t read_as(const window_view<W>& window, work_shares& tiles);
  /// The samples of a group, from its tile to their places in the window: those from `position` on.
  template <sample S>
  void read_piece(const window_view<W>& window, const channel_group& group, index_range samples,
                  std::ptrdiff_t position);

  const filter_job& job_;
  filter_reach reach_;
  source_map source_;
  io::reader file_;
  std::vector<std::byte> staging_;
};

}  // namespace weir::pipeline
