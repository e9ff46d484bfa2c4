#include "process_io.hpp"

#include <fstream>
#include <string>

namespace weir::pipeline {

std::optional<process_io> io_of_this_process() {
  std::ifstream file("/proc/self/io");
  std::optional<std::uint64_t> read;
  std::optional<std::uint64_t> written;
  std::uint64_t value = 0;
  for (std::string name; file >> name >> value;) {
    if (name == "rchar:") read = value;
    if (name == "wchar:") written = value;
  }
  if (!read || !written) return std::nullopt;
  return process_io{*read, *written};
}

}  // namespace weir::pipeline
