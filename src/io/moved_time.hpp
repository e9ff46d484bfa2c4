#pragma once

#include <string>

#include "hdf5.hpp"

/// Times that a file tells as text.
namespace weir::io {

/// The text of a time that is `seconds` later, in the same form: order of the date, what stands between it
/// and the clock, zone. A text that is no time, or that the seconds move out of the years that there are,
/// stays as it is.
std::string moved_time(const std::string& text, double seconds);

/// Moves a time that the attribute `name` of `object` tells as text, if it does.
void move_time(hid_t object, const std::string& name, double seconds);

}  // namespace weir::io
