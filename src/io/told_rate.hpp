#pragma once

#include <string>
#include <vector>

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Makes a copy of the source's file, whose parts are there already, say the rate that the user says it has.
/// Does nothing where the file is believed.
void state_said_rate(hid_t file, const recording& source);

/// Adds to `warnings` if the copy says another rate than `part` has, because its layout has no place for it.
void warn_of_untold_rate(hid_t file, hid_t samples, const recording& part,
                         std::vector<std::string>& warnings);

}  // namespace weir::io
