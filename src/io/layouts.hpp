#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <weir/io/derivation.hpp>
#include <weir/io/recording.hpp>

#include "axis_parts.hpp"
#include "hdf5.hpp"
#include "sample_axis.hpp"

namespace weir::io {

/// What in a file, beside its samples and their axes, tells how much there is of it. Paths are absolute;
/// those that are not there do not matter.
struct time_marks {
  using attribute = std::pair<std::string, std::string>;  ///< path of its object, and its name

  std::vector<attribute> of_ends = {};  ///< the last time
  std::vector<attribute> counts = {};   ///< of samples, or of samples times channels
  std::vector<std::pair<std::string, int>> lengths =
      {};  ///< datasets of one number: the samples, and this added
};

/// What a layout does that has no more to say.
std::string no_channel_scales(const recording& what);
time_marks no_time_marks(hid_t file, const recording& what);
void mark_nothing(hid_t file, const recording& what, const std::string& filtering);
std::vector<sample_axis> no_axes(hid_t file, const recording& what);

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

  /// Makes a copy of `source`'s file, whose parts are cut already, tell of what `how` leaves of it: where and
  /// when that begins, how much it is, what its numbers mean. The rate is still the source's. Adds what it
  /// cannot tell to `warnings`.
  void (*retell)(hid_t file, const recording& source, const derivation& how,
                 std::vector<std::string>& warnings);

  /// Says in a copy of the file what a change of the sampling rate changes, beside the axes: the rate itself,
  /// counts of samples, times of the end. `before` and `after` describe the recording.
  void (*change_rate)(hid_t file, const recording& before, const recording& after);

  /// Says in a copy of the file the rate that its samples have, where the file says another or none: as
  /// change_rate() does, but for as many samples as before. `before` has the rate of the file.
  void (*state_rate)(hid_t file, const recording& before, const recording& after) = nullptr;

  /// The datasets beside `what.dataset` that hold one value for each of its samples.
  std::vector<sample_axis> (*axes)(hid_t file, const recording& what) = no_axes;

  /// What in the file, beside the samples, has an entry for each sample or channel of `what`: more than
  /// axes().
  axis_parts (*parts)(hid_t file, const recording& what) = siblings_of;

  /// What in the file tells how much there is of `what`: it changes where files are joined.
  time_marks (*times)(hid_t file, const recording& what) = no_time_marks;

  /// The dataset with what each channel's values are multiplied by beside the scale that all share; empty if
  /// the layout has none.
  std::string (*channel_scales)(const recording& what) = no_channel_scales;

  /// Says in a filtered copy of the file, in the layout's own words, that `what.dataset` went through a
  /// filter. A layout that has no words for it leaves it to `history` and /provenance.
  void (*mark_filtered)(hid_t file, const recording& what, const std::string& filtering) = mark_nothing;
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
