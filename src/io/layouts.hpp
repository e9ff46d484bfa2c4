#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weir/io/recording.hpp>

#include "axis_parts.hpp"
#include "hdf5.hpp"
#include "sample_axis.hpp"

namespace weir::io {

/// One way in which people arrange a recording in HDF5. To teach weir another, write these functions and add
/// a row to the table in layouts.cpp.
struct layout {
  std::string_view name;

  /// Why the file is of this layout; nothing if it is not.
  std::optional<std::string> (*recognise)(hid_t file);

  /// Paths of the datasets that the layout takes for recordings.
  std::vector<std::string> (*candidates)(hid_t file);

  /// Whether describe() can speak of this dataset, also where it is no candidate.
  bool (*knows)(hid_t file, const std::string& dataset);

  /// Fills in rate, scale, unit and start of `what`, whose path, shape and type are there already, with
  /// reasons and warnings; returns the time axis if the layout or the file says it.
  std::optional<time_axis> (*describe)(hid_t file, hid_t dataset, recording& what);

  /// The dataset with what each channel's values are multiplied by beside the scale that all share; empty if
  /// the layout has none.
  std::string (*channel_scales)(const recording& what);

  /// What in the file, beside the samples, has an entry for each sample or channel of `what`.
  axis_parts (*parts)(hid_t file, const recording& what);

  /// Makes a copy of `source`'s file, whose parts are cut already, tell of what `how` leaves of it: where and
  /// when that begins, how much it is, what its numbers mean. Adds what it cannot tell to `warnings`.
  void (*retell)(hid_t file, const recording& source, const derivation& how,
                 std::vector<std::string>& warnings);

  /// Says in a filtered copy of the file, in the layout's own words, that `what.dataset` went through a
  /// filter.
  void (*mark_filtered)(hid_t file, const recording& what, const std::string& filtering);

  /// The datasets beside `what.dataset` that hold one value for each of its samples.
  std::vector<sample_axis> (*axes)(hid_t file, const recording& what);

  /// Says in a copy of the file what a change of the sampling rate changes, beside the axes: the rate itself,
  /// counts of samples, times of the end. `before` and `after` describe the recording.
  void (*change_rate)(hid_t file, const recording& before, const recording& after);
};

/// All layouts, the most particular first; the last one, `generic`, recognises any file.
std::span<const layout> layouts();

/// The layout of this name. @throws weir::error internal.
const layout& layout_named(std::string_view name);

extern const layout prodml_layout;
extern const layout nwb_layout;
extern const layout generic_layout;

/// Group of an output that says how it was made; no recording is looked for in it.
inline constexpr std::string_view provenance_group = "/provenance";

}  // namespace weir::io
