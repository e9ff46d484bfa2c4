#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/io/recording.hpp>

#include "axis_parts.hpp"
#include "hdf5.hpp"

namespace weir::io {

/// Which parts of a file tell times. Paths are absolute; those that are not there do not matter.
struct time_marks {
  using attribute = std::pair<std::string, std::string>;  ///< path of its object, and its name

  std::vector<std::string> of_samples;               ///< datasets with an entry for each sample
  std::vector<attribute> of_ends;                    ///< the last time
  std::vector<attribute> counts;                     ///< how many entries their object has
  std::vector<std::pair<std::string, int>> lengths;  ///< datasets of one number: the samples, and this added
};

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

  /// What in the file, beside its samples, tells times of `what`: it changes where files are joined.
  time_marks (*times)(hid_t file, const recording& what);

  /// Makes a copy of `source`'s file, whose parts are cut already, tell of what `how` leaves of it: where and
  /// when that begins, how much it is, what its numbers mean. Adds what it cannot tell to `warnings`.
  void (*retell)(hid_t file, const recording& source, const derivation& how,
                 std::vector<std::string>& warnings);

  /// Says in a filtered copy of the file, in the layout's own words, that `what.dataset` went through a
  /// filter.
  void (*mark_filtered)(hid_t file, const recording& what, const std::string& filtering);
};

/// All layouts, the most particular first; the last one, `generic`, recognises any file.
std::span<const layout> layouts();

/// The layout of this name. @throws weir::error internal.
const layout& layout_named(std::string_view name);

extern const layout prodml_layout;
extern const layout nwb_layout;
extern const layout asn_layout;
extern const layout silixa_layout;
extern const layout apsensing_layout;
extern const layout terra15_layout;
extern const layout gdr_layout;
extern const layout das_rcn_layout;
extern const layout febus_layout;
extern const layout generic_layout;

/// Group of an output that says how it was made; no recording is looked for in it.
inline constexpr std::string_view provenance_group = "/provenance";

}  // namespace weir::io
