#pragma once

#include <optional>
#include <string>

#include <weir/io/recording.hpp>

namespace weir::io {

/// What the user says about a file; each wins over what the file says.
struct overrides {
  std::optional<std::string>
      dataset;  ///< path in the file, of the dataset or of the group that a layout gives it
  std::optional<double> sampling_rate;  ///< Hz
  std::optional<time_axis> axis;
};

/// Looks at the HDF5 file `path`, recognises its layout and describes the one recording in it. Not
/// collective: one rank calls it and sends the others the description; any number may call it at a time.
///
/// Layouts, the first that fits wins:
/// - `prodml` 2.0 and 2.1 (Energistics PRODML DAS data): /Acquisition/Raw[i]/RawData, rate from
///   Raw[i]@OutputDataRate, axes from RawData@Dimensions;
/// - `nwb` (Neurodata Without Borders 2): an ElectricalSeries under /acquisition, in a container too, or
///   failing that under /processing; rate from starting_time@rate or from evenly spaced timestamps, value =
///   data * conversion + offset;
/// - `asn` (OptoDAS), `silixa` (/Acoustic), `apsensing`, `terra15`, `gdr` (Geothermal Data Repository) and
///   `das-rcn`, as DASCore and xdas read them; `febus` is recognised and refused;
/// - `generic`: the one numeric dataset of two dimensions (or, failing that, of one), rate from an attribute
///   of a common name on the dataset, its group or the root, axes from DIMENSION_LABELS, else the longer axis
///   is time.
///
/// @throws weir::error no_input: the file is missing or cannot be opened; bad_data: it is not HDF5, is
/// truncated, has no dataset that fits or several, or stores a type or a filter that cannot be read; usage:
/// an override is no number that can be.
recording inspect(const std::string& path, const overrides& said = {});

}  // namespace weir::io
