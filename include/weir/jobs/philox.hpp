#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace weir {

/// Random numbers that are a function of a key and a counter: the generator Philox4x32-10 of Salmon, Moraes,
/// Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. Streams of different keys or
/// streams are independent without any state in common, so a job's numbers depend neither on the rank that
/// runs it nor on the jobs before it. Meets std::uniform_random_bit_generator; a stream has 2^33 numbers of
/// 64 bits.
class philox {
 public:
  using result_type = std::uint64_t;
  using block = std::array<std::uint32_t, 4>;

  /// The stream that `seed`, `stream` and `index` name.
  constexpr philox(std::uint64_t seed, std::uint64_t stream, std::uint32_t index) noexcept
      : key_{low(seed), high(seed)}, counter_{0, index, low(stream), high(stream)} {}

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  constexpr result_type operator()() noexcept {
    if (used_ == 0) {
      values_ = encrypt(counter_, key_);
      ++counter_[0];
    }
    const std::size_t at = 2 * used_;
    used_ = 1 - used_;
    return values_[at] | static_cast<std::uint64_t>(values_[at + 1]) << 32;
  }

  /// The ten rounds: the block that belongs to a counter and a key.
  static constexpr block encrypt(block counter, std::array<std::uint32_t, 2> key) noexcept {
    constexpr int rounds = 10;
    constexpr std::uint64_t multiplier_0 = 0xD2511F53;
    constexpr std::uint64_t multiplier_1 = 0xCD9E8D57;
    constexpr std::uint32_t weyl_0 = 0x9E3779B9;
    constexpr std::uint32_t weyl_1 = 0xBB67AE85;
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t product_0 = multiplier_0 * counter[0];
      const std::uint64_t product_1 = multiplier_1 * counter[2];
      counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1), high(product_0) ^ counter[3] ^ key[1],
                 low(product_0)};
      key[0] += weyl_0;
      key[1] += weyl_1;
    }
    return counter;
  }

 private:
  static constexpr std::uint32_t low(std::uint64_t value) noexcept {
    return static_cast<std::uint32_t>(value);
  }
  static constexpr std::uint32_t high(std::uint64_t value) noexcept {
    return static_cast<std::uint32_t>(value >> 32);
  }

  std::array<std::uint32_t, 2> key_;
  block counter_;
  block values_{};
  std::size_t used_ = 0;
};

}  // namespace weir
