#include "io/fault_point.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace weir::io {
namespace {

/// WEIR_FAULT=PLACE:PASS:WHAT, as in "marker renamed:2:launcher".
struct fault {
  std::string place;
  int pass = 0;
  std::string what;  ///< "rank" or "launcher", to be killed; "pause"
};

std::optional<fault> wanted_fault() {
  const char* const variable = std::getenv("WEIR_FAULT");
  if (variable == nullptr) return std::nullopt;
  const std::string_view text(variable);
  const std::size_t first = text.find(':');
  const std::size_t second = text.find(':', first + 1);
  if (second == std::string_view::npos) throw std::invalid_argument("WEIR_FAULT is PLACE:PASS:WHAT");
  fault wanted{.place = std::string(text.substr(0, first)), .what = std::string(text.substr(second + 1))};
  std::from_chars(text.data() + first + 1, text.data() + second, wanted.pass);
  return wanted;
}

}  // namespace

void fault_point(std::string_view place) noexcept {
  static const std::optional<fault> wanted = wanted_fault();
  static std::atomic<int> passes = 0;
  if (!wanted || place != wanted->place || ++passes != wanted->pass) return;
  ::kill(wanted->what == "launcher" ? ::getppid() : ::getpid(), wanted->what == "pause" ? SIGSTOP : SIGKILL);
}

}  // namespace weir::io
