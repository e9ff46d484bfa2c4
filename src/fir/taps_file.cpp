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

#include "message_text.hpp"

namespace weir::fir {
namespace {

constexpr std::string_view npy_magic = "\x93NUMPY";
constexpr std::string_view hdf5_magic = "\x89HDF\r\n\x1a\n";
constexpr std::string_view zip_magic = "PK\x03\x04";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
/// Enough of a file to know what it is: what is none of taps may be too large for memory.
constexpr std::size_t first_bytes = std::size_t{1} << 16;

/// Names of files are the caller's, who may want to copy all of one.
std::string named(std::string_view source) {
  std::string text(1, '\'');
  text.append(source);
  return text + '\'';
}

double finite(double value, std::string_view source, const std::string& where) {
  if (!std::isfinite(value)) {
    throw error(exit_code::bad_data,
                where + " of " + named(source) + " is not finite: taps must be finite numbers");
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
    throw error(exit_code::bad_data, where + " of " + named(source) + " has " + in_quotes(word) +
                                         ", which no double can hold: give a number within its range");
  }
  if (code != std::errc() || end != digits.data() + digits.size()) {
    throw error(exit_code::bad_data, where + " of " + named(source) + " has " + in_quotes(word) +
                                         ", which is not a number: give taps as numbers parted by blanks, "
                                         "commas or line ends");
  }
  return finite(value, source, where);
}

/// Refuses what is neither text nor .npy.
void require_text(std::string_view begin, const std::string& name) {
  std::string what;
  if (begin.starts_with(hdf5_magic)) {
    what = " is an HDF5 file: name the dataset that holds the taps, as " + named(name + ":/path");
  } else if (begin.starts_with(zip_magic)) {
    what = " is a ZIP archive, as numpy.savez writes: save the taps alone, with numpy.save(), as a .npy file";
  } else if (begin.find('\0') != std::string_view::npos) {
    what = " holds bytes that are no text: give taps as plain text, as a .npy file or as FILE.h5:/path";
  }
  if (!what.empty()) throw error(exit_code::bad_data, named(name) + what);
}

}  // namespace

std::vector<double> parse_text_taps(std::string_view text, std::string_view source) {
  constexpr std::string_view separators = " \t\r\v\f,";
  std::vector<double> taps;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
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
    throw error(exit_code::bad_data, named(source) + " holds no taps: give at least one number");
  }
  return taps;
}

std::vector<double> read_taps(const std::filesystem::path& file) {
  const std::string name = file.string();
  std::error_code code;
  if (std::filesystem::is_directory(file, code)) {
    throw error(exit_code::no_input, named(name) + " is a directory: name a file of taps");
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw error(exit_code::no_input,
                "the taps file " + named(name) + " cannot be opened: check its name and its permissions");
  }
  std::string bytes(first_bytes, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (!bytes.starts_with(npy_magic)) require_text(bytes, name);
  if (stream) bytes.append(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  if (stream.bad()) {
    throw error(exit_code::no_input, "the taps file " + named(name) + " cannot be read to its end");
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
