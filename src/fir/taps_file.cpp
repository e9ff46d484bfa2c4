#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <weir/error.hpp>
#include <weir/fir/taps_file.hpp>

namespace weir::fir {
namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";

std::string in_quotes(std::string_view text) {
  return "'" + std::string(text) + "'";
}

double finite(double value, std::string_view source, const std::string& where) {
  if (!std::isfinite(value)) {
    throw error(exit_code::bad_data,
                where + " of " + in_quotes(source) + " is not finite: taps must be finite numbers");
  }
  return value;
}

double parse_number(std::string_view word, std::string_view source, std::size_t line) {
  const std::string where = "line " + std::to_string(line);
  std::string_view digits = word;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code == std::errc::result_out_of_range && end == digits.data() + digits.size()) {
    throw error(exit_code::bad_data, where + " of " + in_quotes(source) + " has " + in_quotes(word) +
                                         ", which no double can hold: give a number within its range");
  }
  if (code != std::errc() || end != digits.data() + digits.size()) {
    throw error(exit_code::bad_data, where + " of " + in_quotes(source) + " has " + in_quotes(word) +
                                         ", which is not a number: give taps as numbers parted by blanks, "
                                         "commas or line ends");
  }
  return finite(value, source, where);
}

}  // namespace

std::vector<double> parse_text_taps(std::string_view text, std::string_view source) {
  constexpr std::string_view separators = " \t\r\v\f,";
  std::vector<double> taps;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t line_end = text.find('\n');
    std::string_view rest = text.substr(0, line_end);
    text.remove_prefix(line_end == std::string_view::npos ? text.size() : line_end + 1);
    rest = rest.substr(0, rest.find('#'));
    while (true) {
      rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
      if (rest.empty()) break;
      const std::string_view word = rest.substr(0, rest.find_first_of(separators));
      taps.push_back(parse_number(word, source, line));
      rest.remove_prefix(word.size());
    }
  }
  if (taps.empty()) {
    throw error(exit_code::bad_data, in_quotes(source) + " holds no taps: give at least one number");
  }
  return taps;
}

std::vector<double> read_taps(const std::filesystem::path& file) {
  const std::string name = file.string();
  std::error_code code;
  if (std::filesystem::is_directory(file, code)) {
    throw error(exit_code::no_input, in_quotes(name) + " is a directory: name a file of taps");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw error(exit_code::no_input,
                "the taps file " + in_quotes(name) + " cannot be opened: check its name and its permissions");
  }
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) {
    throw error(exit_code::no_input, "the taps file " + in_quotes(name) + " cannot be read to its end");
  }
  return bytes.starts_with(npy_magic) ? parse_npy_taps(bytes, name) : parse_text_taps(bytes, name);
}

std::string to_text(std::span<const double> taps, std::string_view comment) {
  std::string text = comment.empty() ? "" : "# " + std::string(comment) + "\n";
  std::array<char, 32> number{};
  for (const double tap : taps) {
    // The shortest digits that read back to the same number.
    const auto [end, code] = std::to_chars(number.data(), number.data() + number.size(), tap);
    text.append(number.data(), end);
    text += '\n';
  }
  return text;
}

}  // namespace weir::fir
