#include "segmentation.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include <weir/fir/aligned_buffer.hpp>
#include <weir/partition.hpp>

#include "cache_sets.hpp"

namespace weir::fir {
namespace {

/// A length and a pairing, and the longest reach of taps for which they are the fastest. Where taps reach
/// farther, too few outputs are valid; where they reach less far than the entry before allows, the length
/// outgrows a cache for nothing, and weights cost more than the samples of an overlap. Which lengths are any
/// good depends on the passes that they take.
struct transform_and_reach {
  std::size_t length;
  pairing pair;
  std::size_t reach;
};

/// Measured on Zen 5 in turn where two meet, by AVX-512 and by AVX2. They are the same for all instruction
/// sets, since results are.
constexpr transform_and_reach transforms_of_float64[] = {
    {512, pairing::overlapping, 130}, {512, pairing::joined, 240},   {1024, pairing::joined, 450},
    {2048, pairing::joined, 640},     {4096, pairing::joined, 1700}, {8192, pairing::joined, 4000},
    {16384, pairing::joined, 10000}};
constexpr transform_and_reach transforms_of_float32[] = {
    {512, pairing::overlapping, 66}, {1024, pairing::overlapping, 170}, {1024, pairing::joined, 580},
    {2048, pairing::joined, 800},    {4096, pairing::joined, 1250},     {8192, pairing::joined, 3300},
    {16384, pairing::joined, 10000}};

/// Beyond those, a transform is at least so many times the reach.
constexpr double lengths_a_long_reach = 1.6;

transform_and_reach transform_for(std::size_t reach, std::size_t bytes_a_number) {
  const auto& measured = bytes_a_number == sizeof(double)
                             ? std::span<const transform_and_reach>(transforms_of_float64)
                             : std::span<const transform_and_reach>(transforms_of_float32);
  const auto fits = [&](const transform_and_reach& one) { return reach <= one.reach; };
  const auto found = std::find_if(measured.begin(), measured.end(), fits);
  if (found != measured.end()) return *found;
  return {std::bit_ceil(static_cast<std::size_t>(lengths_a_long_reach * static_cast<double>(reach))),
          pairing::joined, reach};
}

/// Where the last pass of a pair and the first pass of the next one are one loop, results are stored beside
/// samples that are loaded, as far behind them as the pairs' begins are apart. A processor takes a load for
/// one of what was stored just before where their places in a way of the cache are the same, and legs lie
/// half a way apart, or all of it: so many lines from those distances must the begins be.
constexpr std::size_t fewest_lines_off = 4;
constexpr std::size_t lines_of_half_way = lines_to_same_set / 2;

/// Lines to leave free of `lines` from one pair to the next.
std::size_t lines_on_legs(std::size_t lines) {
  const std::size_t beyond = lines % lines_of_half_way;
  if (beyond < fewest_lines_off) return beyond + fewest_lines_off;
  return beyond - std::min(beyond, lines_of_half_way - fewest_lines_off);
}

}  // namespace

segmentation choose_segmentation(std::size_t back, std::size_t ahead, std::size_t bytes_a_number) {
  const std::size_t line = cache_line_bytes / bytes_a_number;
  const transform_and_reach transform = transform_for(back + ahead, bytes_a_number);
  segmentation cut{transform.length, round_up(back, line), round_up(ahead, line), transform.pair};
  if (cut.outgrows_first_level(bytes_a_number)) cut.lookahead += lines_on_legs(cut.valid() / line) * line;
  return cut;
}

}  // namespace weir::fir
