#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// Writes a file that fits in memory whole or not at all: until all of it is on the disk, its name belongs to
/// what was there before, or to nothing. What is no file of its own is written to: a pipe, a device, where
/// stdout and stderr go; and a file whose folder takes no new one. Throws `error` with the system's reason:
/// cannot_create if the file exists and `may_replace` is not said, or cannot be made there; io_error if there
/// is no room for it.
void write_result_file(const std::string& path, std::string_view bytes, bool may_replace);

/// Whether write_result_file() would replace something of that name.
bool would_be_replaced(const std::string& path);

/// Refuses a name in a folder that no file can be made in, as write_result_file() does: before the work.
void check_folder_of(const std::string& path);

/// Writes `bytes` to an open file. Zero, or the error that kept some from being written.
int write_all(int descriptor, std::string_view bytes);

}  // namespace weir::cli
