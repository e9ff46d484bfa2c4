#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <weir/io/synth.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// How to make a new file of a layout around a synthetic recording.
struct synth_layout {
  std::string_view name;
  std::string_view dataset;
  std::optional<time_axis> only_axis;  ///< of layouts that leave no choice

  /// Creates the groups and attributes, and calls H5Olink to put `samples`, which has no name yet, at
  /// `dataset`.
  void (*furnish)(hid_t file, hid_t samples, const recording& what);
};

/// Throws usage, with the names there are, for any other.
const synth_layout& synth_layout_named(std::string_view name);

/// Gives `samples` its path, creating the groups on the way.
void link_samples(hid_t file, hid_t samples, const recording& what);

extern const synth_layout synth_prodml;
extern const synth_layout synth_nwb;

/// When synthetic recordings begin, as ISO 8601 and in microseconds since 1970.
inline constexpr std::string_view synthetic_start = "2024-01-01T00:00:00.000000+00:00";
inline constexpr std::int64_t synthetic_start_us = 1'704'067'200'000'000;

}  // namespace weir::io
