#pragma once

#include <algorithm>
#include <cstdint>

namespace weir::jobs {

/// What is known when a domain asks for units.
struct grant_request {
  std::uint32_t left = 0;          ///< units that nobody has
  std::uint32_t ranks = 1;         ///< of the domain
  std::uint32_t ranks_of_all = 1;  ///< of all domains
  double unit_seconds = 0;         ///< what one took the domain on average; 0 if it does not know
  double longest_seconds = 0;      ///< the longest one that was seen
};

/// How long a domain is to be busy with what it gets, at least: much longer than a message takes, much
/// shorter than anything that people wait for.
inline constexpr double grant_seconds = 0.02;

/// How many units the domain gets: what lasts it as long as the longest unit, which may be what keeps the
/// next answer from coming; one a rank if it does not know how long units take; but at most half of its share
/// of what is left, because nobody can have back what it got; and at least one.
constexpr std::uint32_t units_to_grant(const grant_request& asked) {
  const auto ranks = static_cast<double>(asked.ranks);
  const double half_share = asked.left * ranks / asked.ranks_of_all / 2;
  const double lasting = asked.unit_seconds > 0
                             ? std::max(grant_seconds, asked.longest_seconds) / asked.unit_seconds * ranks
                             : ranks;
  return static_cast<std::uint32_t>(std::max(1.0, std::min(half_share, std::max(ranks, lasting))));
}

}  // namespace weir::jobs
