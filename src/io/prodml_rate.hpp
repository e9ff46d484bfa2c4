#pragma once

#include <weir/io/recording.hpp>

#include "hdf5.hpp"

/// What a PRODML file says of its sampling rate: the rate, counts, and times of the end.
namespace weir::io {

/// As layout::change_rate.
void change_prodml_rate(hid_t file, const recording& before, const recording& after);

/// As layout::state_rate: indices stay, for they count samples.
void state_prodml_rate(hid_t file, const recording& before, const recording& after);

}  // namespace weir::io
