#include "gnuplot.hpp"

#include <array>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <weir/error.hpp>

#include "result_file.hpp"

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

/// What gnuplot draws to its standard output; empty if it fails. Where it writes a file itself, it says
/// nothing of a disk that is full. The script waits in memory, since gnuplot draws while it still reads.
std::string drawn_by_gnuplot(const std::string& script) {
  const int memory = ::memfd_create("script", 0);
  if (memory < 0) return {};
  std::string picture;
  int status = -1;
  if (write_all(memory, script) == 0) {
    if (FILE* const gnuplot = ::popen(fmt::format("gnuplot </dev/fd/{} 2>/dev/null", memory).c_str(), "r")) {
      std::array<char, 1 << 16> some{};
      while (const std::size_t count = std::fread(some.data(), 1, some.size(), gnuplot)) {
        picture.append(some.data(), count);
      }
      status = ::pclose(gnuplot);
    }
  }
  ::close(memory);
  return status == 0 ? picture : std::string();
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
  return fmt::format("set terminal {}\nset grid\n", terminal_of(file, size));
}

void run_gnuplot(const std::string& script, const std::string& file) {
  check_folder_of(file);
  const std::string picture = drawn_by_gnuplot(script);
  if (picture.empty()) {
    throw error(
        exit_code::cannot_create,
        fmt::format("gnuplot could not draw '{}'; install it (apt-get install gnuplot-nox) or do without "
                    "the picture",
                    file));
  }
  write_result_file(file, picture, true);
}

}  // namespace weir::cli
