#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <weir/partition.hpp>

namespace weir::cli {

/// Channels by their numbers from 0: `3`, `0,5,9`, `0:384`, `0:384:8`, `:16`, with Python's meaning of a
/// slice that counts up. In the order in which they are named. Throws `error` (usage) that names `option` for
/// what is no such list, for channels that there are not, and for none.
std::vector<std::size_t> parse_channels(const std::string& text, std::size_t channels,
                                        const std::string& option);

/// Samples from a span of time: `10s:20s`, `:5s`, `500n:900n`; an end that is left out is the recording's.
/// Throws `error` (usage) that names `option` for a span that is empty or begins beyond the recording, and
/// for times without a sampling rate.
index_range parse_time_span(const std::string& text, std::size_t samples, std::optional<double> sampling_rate,
                            const std::string& option);

}  // namespace weir::cli
