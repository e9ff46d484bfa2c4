#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>

#include <unistd.h>

#include <weir/mpi/launcher.hpp>
#include <weir/mpi/start_up.hpp>

namespace weir {
namespace {

double seconds_since_boot() {
  std::timespec now{};
  if (::clock_gettime(CLOCK_BOOTTIME, &now) != 0) return 0;
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// When a process started, in seconds since the machine was booted (proc(5): field 22 of its stat).
std::optional<double> start_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // The second field is a name in parentheses, in which anything may stand.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(text.substr(name_end + 1));
  constexpr int skipped = 19;
  std::string field;
  for (int i = 0; i < skipped; ++i) fields >> field;
  double ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

start_up time_until_now() {
  start_up times;
  const std::optional<double> own = start_of("self");
  if (!own) return times;
  times.load = std::max(0.0, seconds_since_boot() - *own);
  if (!launched_rank()) return times;
  if (const auto launcher = start_of(std::to_string(::getppid()))) {
    times.launch = std::max(0.0, *own - *launcher);
  }
  return times;
}

}  // namespace weir
