#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace weir::fuzz {

/// Takes decisions from a fuzzer's bytes, one after the other; when they are used up, every decision is the
/// first of its kind.
class byte_source {
 public:
  explicit byte_source(std::span<const std::uint8_t> bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  std::uint8_t byte() {
    if (left_.empty()) return 0;
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }

  bool flag() { return byte() % 2 != 0; }

  template <class T, std::size_t N>
  const T& one_of(const std::array<T, N>& choices) {
    return choices[byte() % N];
  }

  /// Text of at most 63 bytes.
  std::string text() {
    std::string made(byte() % 64, '\0');
    for (char& letter : made) letter = static_cast<char>(byte());
    return made;
  }

  /// Fills `bytes` from the source.
  void fill(std::span<std::uint8_t> bytes) {
    for (std::uint8_t& next : bytes) next = byte();
  }

 private:
  std::span<const std::uint8_t> left_;
};

}  // namespace weir::fuzz
