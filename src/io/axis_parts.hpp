#pragma once

#include <string>
#include <vector>

#include <weir/io/derivation.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Datasets beside a recording with an entry, along their first axis, for each of its samples or channels.
/// Paths are absolute; those that are not there do not matter.
struct axis_parts {
  std::vector<std::string> of_samples;
  std::vector<std::string> of_channels;
  bool is_guess = false;  ///< their lengths alone say so
};

/// Those datasets of one dimension in the recording's own group that have as many entries as it has samples
/// or channels; none where these are as many.
axis_parts siblings_of(hid_t file, const recording& what);

/// Copies the entries of a dataset that `how` leaves of it into a new one, still without a name, of the same
/// type; without attributes. `by_channel`: its entries are those of channels, else of samples.
h5::dataset copy_entries(hid_t source, hid_t target_file, const derivation& how, bool by_channel);

/// Moves a time that the attribute `name` of `object` tells as text, if it does, by `seconds`; the text keeps
/// its zone.
void move_time(hid_t object, const std::string& name, double seconds);

}  // namespace weir::io
