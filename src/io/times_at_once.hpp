#pragma once

#include <algorithm>
#include <cstddef>

#include <weir/rate_ratio.hpp>

namespace weir::io {

/// Times of a dataset that are in memory at once.
inline constexpr std::size_t most_times = std::size_t{1} << 17;

/// How many times of a changed rate are computed at once: one at least, no more than `most_times`, and of no
/// more samples, but for three.
constexpr std::size_t outputs_a_step(const rate_ratio& rate) {
  return std::clamp<std::size_t>(most_times * rate.up / rate.down, 1, most_times);
}

}  // namespace weir::io
