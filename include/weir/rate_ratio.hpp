#pragma once

#include <cstddef>
#include <numeric>

#include <weir/partition.hpp>

namespace weir {

/// By what a sampling rate is changed: output m of a row stands where the row has position m * down / up, so
/// that output 0 stands on the first sample whoever computes it. The two numbers have no common divisor.
/// All arithmetic is of whole numbers and exact; up and down are below 2^32.
struct rate_ratio {
  std::size_t up = 1;
  std::size_t down = 1;

  constexpr bool is_one() const { return up == down; }

  /// Outputs that stand ahead of position `n`: of a row of n samples, all there are. It is ceil(n up / down),
  /// as scipy.signal.resample_poly has it.
  constexpr std::size_t outputs_before(std::size_t n) const {
    return n / down * up + ceil_div(n % down * up, down);
  }

  /// The outputs that stand on the samples of a range or between them and their followers: consecutive ranges
  /// have consecutive outputs, each output in one of them.
  constexpr index_range outputs_in(index_range samples) const {
    return {outputs_before(samples.begin), outputs_before(samples.end)};
  }

  /// The sample on which an output stands, or the last one ahead of it.
  constexpr std::size_t sample_at(std::size_t output) const {
    return output / up * down + output % up * down / up;
  }

  /// How far behind sample_at() an output stands, in samples times `up`.
  constexpr std::size_t remainder_at(std::size_t output) const { return output % up * down % up; }

  /// The output rate of an input rate.
  constexpr double of_rate(double rate) const {
    return rate * static_cast<double>(up) / static_cast<double>(down);
  }

  friend constexpr bool operator==(const rate_ratio&, const rate_ratio&) = default;
};

/// The ratio in lowest terms. Both numbers are positive.
constexpr rate_ratio make_rate_ratio(std::size_t up, std::size_t down) {
  const std::size_t common = std::gcd(up, down);
  return {up / common, down / common};
}

}  // namespace weir
