#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <weir/io/recording.hpp>
#include <weir/partition.hpp>
#include <weir/rate_ratio.hpp>

namespace weir::io {

/// What an output holds of the recording that it is made from.
struct derivation {
  std::vector<std::size_t> channels = {};   ///< of the source, each once, in the output's order; none: all
  std::optional<index_range> samples = {};  ///< of the source; nothing: all
  rate_ratio rate = {};  ///< by what the sampling rate changes, counted from the source's first sample
  std::optional<sample_type> type = {};  ///< nothing: the source's
  bool is_physical = false;  ///< values are in the source's unit: its scale and offset have been applied

  bool is_whole() const { return channels.empty() && !samples; }

  /// Where the first of its samples stands, in samples of the source: on the first that is chosen, or behind
  /// it where the rate changes.
  double begins_at() const {
    if (!samples) return 0;
    const std::size_t first = rate.outputs_before(samples->begin);
    return static_cast<double>(rate.sample_at(first)) +
           static_cast<double>(rate.remainder_at(first)) / static_cast<double>(rate.up);
  }
};

/// The description of what `how` makes of `source`, stored as `source` is. Its path and storage are still the
/// source's.
recording derive(const recording& source, const derivation& how);

}  // namespace weir::io
