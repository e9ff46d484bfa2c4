#pragma once

#include <string>

namespace weir::cli {

struct picture_size {
  int width = 1000;  ///< in pixels; a PDF has an inch for 100 of them
  int height = 600;
};

/// The first lines of a script that draws `file`: PNG, SVG or PDF after the name's end. Throws `error`
/// (usage) if it ends otherwise.
std::string picture_to(const std::string& file, picture_size size = {});

/// A text between double quotes, which gnuplot reads as it is.
std::string quoted(const std::string& text);

/// Draws `file`, whole or not at all, by a script that begins with picture_to(). Throws `error`:
/// cannot_create if gnuplot is missing or fails or the file cannot be made, io_error if there is no room for
/// it.
void run_gnuplot(const std::string& script, const std::string& file);

}  // namespace weir::cli
