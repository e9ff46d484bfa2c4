#include "gnuplot.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

std::string terminal_of(const std::string& file, picture_size size) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".png") return fmt::format("png size {},{}", size.width, size.height);
  if (ending == ".svg") return fmt::format("svg size {},{}", size.width, size.height);
  if (ending == ".pdf") return fmt::format("pdf size {},{}", size.width / 100.0, size.height / 100.0);
  throw error(
      exit_code::usage,
      fmt::format("a picture cannot be drawn to '{}'; name a file that ends with .png, .svg or .pdf", file));
}

}  // namespace

std::string quoted(const std::string& text) {
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    all += c;
  }
  return all + '"';
}

std::string picture_to(const std::string& file, picture_size size) {
  return fmt::format("set terminal {}\nset output {}\nset grid\n", terminal_of(file, size), quoted(file));
}

void run_gnuplot(const std::string& script, const std::string& file) {
  // gnuplot draws to its standard output where it cannot open the file.
  if (!std::ofstream(file, std::ios::app)) {
    throw error(
        exit_code::cannot_create,
        fmt::format("cannot write '{}'; choose a folder that exists and that you may write to", file));
  }
  FILE* const gnuplot = ::popen("gnuplot >/dev/null 2>&1", "w");
  const bool written = gnuplot != nullptr && std::fputs(script.c_str(), gnuplot) >= 0;
  const int status = gnuplot == nullptr ? -1 : ::pclose(gnuplot);
  if (written && status == 0) return;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  throw error(
      exit_code::cannot_create,
      fmt::format(
          "gnuplot could not draw '{}'; install it (apt-get install gnuplot-nox) or do without the picture",
          file));
}

}  // namespace weir::cli
