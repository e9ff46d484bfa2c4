#pragma once

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

namespace weir::io {

/// Makes a copy of the first file of a recording in several tell how long the whole of it is, as the layout
/// has it: the last time is the last file's, and counts are those of all samples.
void tell_whole(hid_t target, const recording& source);

/// Makes a copy of the recording's file, or of its first, say how many samples the output `part` has, where
/// the layout has a dataset for it.
void tell_lengths(hid_t target, const recording& source, const recording& part);

}  // namespace weir::io
