#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

/// Values in messages.
namespace weir::fir {

/// A number in as few digits as tell it apart from all others, with an exponent if it is very small or large
/// (as libfmt has it): std::to_string() makes zero of the ones and hundreds of digits of the others.
inline std::string in_shortest_digits(double value) {
  std::array<char, 32> digits{};
  const double size = std::abs(value);
  const bool is_plain = value == 0 || (size >= 1e-4 && size < 1e16);
  const auto form = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, form).ptr;
  return {digits.data(), end};
}

/// A word from a file between quotation marks: its begin if it is long, and bytes that a terminal might obey
/// or not show as \xNN.
inline std::string in_quotes(std::string_view word) {
  constexpr std::size_t most_bytes = 40;
  constexpr std::string_view hexadecimal = "0123456789abcdef";
  std::string text = "'";
  for (const char letter : word.substr(0, most_bytes)) {
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x20 && byte < 0x7f) {
      text += letter;
    } else {
      text += "\\x";
      text += hexadecimal[byte >> 4];
      text += hexadecimal[byte & 15U];
    }
  }
  return text + (word.size() > most_bytes ? "...'" : "'");
}

}  // namespace weir::fir
