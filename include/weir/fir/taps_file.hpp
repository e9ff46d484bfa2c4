#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::fir {

/// Reads taps from a text file or from a NumPy file; the file's first bytes tell which.
///
/// Throws error(no_input) when the file is missing or cannot be read, and what the two functions below throw.
std::vector<double> read_taps(const std::filesystem::path& file);

/// Taps from text: numbers parted by blanks, commas or line ends; from `#` to the end of the line is a
/// comment. `source` is named in errors, with the line.
///
/// Throws error(bad_data) when something is not a finite number, or there is none.
std::vector<double> parse_text_taps(std::string_view text, std::string_view source);

/// Taps from the bytes of a `.npy` file of format version 1, 2 or 3 (numpy.lib.format): one axis; float32,
/// float64 or an integer type of 1 to 8 bytes, of either byte order.
///
/// Throws error(bad_data) when the bytes are not such a file, are fewer than its header says, or hold a value
/// that is not finite.
std::vector<double> parse_npy_taps(std::span<const char> bytes, std::string_view source);

/// Taps as text that parse_text_taps() reads back to the same bits: one a line, `comment` above them.
std::string to_text(std::span<const double> taps, std::string_view comment);

/// Taps as the bytes of a `.npy` file, version 1, float64 in this machine's byte order.
std::string to_npy(std::span<const double> taps);

}  // namespace weir::fir
