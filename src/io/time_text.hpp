#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::io {

inline constexpr std::int64_t nanoseconds_a_second = 1'000'000'000;

/// Nanoseconds since 1970 in UTC of a time in ISO 8601, such as `2019-05-31T08:38:50.626928+00:00`: a blank
/// may stand for the T, a fraction may have any number of digits, and a time without a zone is taken for UTC.
/// The day may stand first, as in `31/05/2019 08:38:50.626`. Nothing if it is no such text, or lies outside
/// of the years 1678 to 2261, which 64 bits hold.
std::optional<std::int64_t> parse_time(std::string_view text);

/// Nanoseconds from seconds; nothing where they are no number or do not fit.
std::optional<std::int64_t> nanoseconds(double seconds);

/// ISO 8601 in UTC, with as many digits of the second as it takes, six at least: 2019-05-31T08:38:50.626928Z.
std::string time_text(std::int64_t nanoseconds_since_1970);

}  // namespace weir::io
