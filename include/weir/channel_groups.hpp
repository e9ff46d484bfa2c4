#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <weir/partition.hpp>

namespace weir {

/// Where a row of a window comes from: some channels of a recording are rows, in an order of their own.
struct row_source {
  std::size_t channel = 0;
  std::size_t row = 0;

  friend constexpr bool operator==(const row_source&, const row_source&) = default;
};

/// Rows that are read from a file together.
struct channel_group {
  index_range channels;          ///< from the first of them to behind the last
  std::vector<row_source> rows;  ///< by channel

  /// Whether the rows are these channels, each of them, in order.
  bool is_plain() const {
    if (rows.size() != channels.size()) return false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].row != rows.front().row + i) return false;
    }
    return true;
  }
};

/// Cuts `rows` into groups that each lie in one tile of a file, `tile` channels high, so that a tile is read
/// once. `channels[row]` is a row's channel; none: row and channel have the same number. Within a tile, rows
/// that are more than `widest_gap` channels apart are groups of their own.
inline std::vector<channel_group> channel_groups(std::span<const std::size_t> channels, index_range rows,
                                                 std::size_t tile, std::size_t widest_gap) {
  std::vector<row_source> sources;
  sources.reserve(rows.size());
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    sources.push_back({channels.empty() ? row : channels[row], row});
  }
  std::ranges::sort(sources, {}, &row_source::channel);
  std::vector<channel_group> groups;
  for (const row_source& source : sources) {
    const bool joins = !groups.empty() && groups.back().channels.begin / tile == source.channel / tile &&
                       source.channel - groups.back().channels.end <= widest_gap;
    if (!joins) groups.push_back({{source.channel, source.channel}, {}});
    groups.back().channels.end = source.channel + 1;
    groups.back().rows.push_back(source);
  }
  return groups;
}

}  // namespace weir
