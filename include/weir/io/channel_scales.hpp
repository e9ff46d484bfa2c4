#pragma once

#include <vector>

#include <weir/io/recording.hpp>

namespace weir::io {

/// What each channel's values are multiplied by beside the scale that all share, where the layout tells it;
/// else none. Any rank may call it. @throws weir::error bad_data where there are not as many as channels.
std::vector<double> channel_scales(const recording& what);

}  // namespace weir::io
