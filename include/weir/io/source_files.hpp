#pragma once

#include <string>

#include <weir/io/recording.hpp>

namespace weir::io {

/// Whether `path` is a file that the input's samples are read from: the input itself, or one that it joins.
/// Not collective. @throws weir::error no_input or bad_data where the input does not open.
bool is_part_of(const recording& input, const std::string& path);

}  // namespace weir::io
