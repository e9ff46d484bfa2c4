#pragma once

#include <string_view>

namespace weir::cli {

/// Takes the places of stdin, stdout and stderr where the caller closed them, so that no file that is opened
/// later gets one of their numbers, and with it what is printed. To be called first.
void hold_standard_streams() noexcept;

/// Prints a command's results to stdout. Never throws: where one rank of many prints, it alone would leave.
/// What cannot be written is told by end_results().
void print_result(std::string_view text) noexcept;

/// Prints to stderr. Errors are ignored: this is where errors are told.
void print_message(std::string_view text) noexcept;

/// Writes what is left of the results; to be called last, when MPI has ended. What the program is to return
/// instead of `code`: if the results could not be written it says so on stderr, and success becomes an I/O
/// error.
int end_results(int code) noexcept;

}  // namespace weir::cli
