#include "gnuplot.hpp"

#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

std::string terminal_of(const std::string& file, picture_size size) {
  const std::string ending = std::filesystem::path(file).extension().string();
  if (ending == ".png") return fmt::format("png size {},{}", size.width, size.height);
  if (ending == ".svg") return fmt::format("svg size {},{}", size.width, size.height);
  if (ending == ".pdf") return fmt::format("pdf size {},{}", size.width / 100.0, size.height / 100.0);
  throw error(exit_code::usage,
              fmt::format("--plot got '{}'; name a file that ends with .png, .svg or .pdf", file));
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
  FILE* const gnuplot = ::popen("gnuplot", "w");
  const bool written = gnuplot != nullptr && std::fputs(script.c_str(), gnuplot) >= 0;
  const int status = gnuplot == nullptr ? -1 : ::pclose(gnuplot);
  if (written && status == 0) return;
  throw error(
      exit_code::cannot_create,
      fmt::format("gnuplot could not draw '{}'; install gnuplot (apt-get install gnuplot-nox) or leave "
                  "--plot out",
                  file));
}

}  // namespace weir::cli
