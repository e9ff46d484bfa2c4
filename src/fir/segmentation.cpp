#include "segmentation.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/partition.hpp>

namespace weir::fir {
namespace {

/// A length, and the longest reach of taps for which it is the fastest. Where they reach farther, too few of
/// its outputs are valid; where they reach less far than the length before allows, it outgrows a cache for
/// nothing. Which lengths are any good depends on the passes that they take.
struct length_and_reach {
  std::size_t length;
  std::size_t reach;
};

/// Measured in turn by AVX-512 and by AVX2: float64's on Zen 4, and again on Zen 5 where two lengths meet,
/// float32's on Zen 5. They are the same for all instruction sets, since results are.
constexpr length_and_reach lengths_of_float64[] = {{512, 170},   {1024, 280},  {2048, 470},
                                                   {4096, 1150}, {8192, 2300}, {16384, 5000}};
constexpr length_and_reach lengths_of_float32[] = {{512, 66},    {1024, 290},   {2048, 560},   {4096, 800},
                                                   {8192, 2300}, {16384, 3700}, {32768, 10000}};

/// Beyond those, a transform is at least so many times the reach.
constexpr std::size_t lengths_a_long_reach = 3;

std::size_t length_for(std::size_t reach, std::size_t bytes_a_number) {
  const auto& measured = bytes_a_number == sizeof(double)
                             ? std::span<const length_and_reach>(lengths_of_float64)
                             : std::span<const length_and_reach>(lengths_of_float32);
  for (const auto& [length, longest] : measured) {
    if (reach <= longest) return length;
  }
  return std::bit_ceil(lengths_a_long_reach * reach);
}

/// Lines so many bytes apart share a set of the first-level cache, as on most processors.
constexpr std::size_t bytes_to_same_set = 4096;
constexpr std::size_t sets = bytes_to_same_set / cache_line_bytes;

/// The first pass reads, and the last one writes, eight legs of each segment of a pair in step. The legs of a
/// long transform share a set, which does not hold those of both: a segment begins so many sets from the
/// other.
constexpr std::size_t fewest_sets_between_segments = 4;

/// Lines from a segment to the next one, at most `lines`.
std::size_t avoiding_shared_sets(std::size_t lines, std::size_t lines_of_transform) {
  if (lines_of_transform < 8 * sets) return lines;
  const std::size_t beyond = lines % sets;
  if (beyond < fewest_sets_between_segments) return lines - beyond - fewest_sets_between_segments;
  return lines - beyond + std::min(beyond, sets - fewest_sets_between_segments);
}

}  // namespace

segmentation choose_segmentation(std::size_t back, std::size_t ahead, std::size_t bytes_a_number) {
  const std::size_t line = cache_line_bytes / bytes_a_number;
  const std::size_t halo = round_up(back, line);
  const std::size_t lookahead = round_up(ahead, line);
  const std::size_t length = length_for(back + ahead, bytes_a_number);
  const std::size_t lines = avoiding_shared_sets((length - halo - lookahead) / line, length / line);
  return {length, halo, lines * line};
}

}  // namespace weir::fir
