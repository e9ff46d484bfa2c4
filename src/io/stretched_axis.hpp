#pragma once

#include <optional>

#include <weir/io/recording.hpp>

#include "sample_axis.hpp"

/// Times of samples in a file whose sampling rate the user says otherwise.
namespace weir::io {

/// How many times as long the intervals of `times` are at the rate that was said for `what` as at that of its
/// file; nothing where they have that rate already, and where neither the file nor the times say one.
std::optional<double> stretch_of(hid_t times, const sample_axis& axis, const recording& what);

/// Stretches times: each is as many times as far from the first of `origin` as it was. Integers are rounded
/// to the nearest.
void stretch(hid_t times, hid_t origin, double by);

}  // namespace weir::io
