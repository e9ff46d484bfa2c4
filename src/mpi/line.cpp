#include "line.hpp"

#include <cerrno>
#include <string_view>

#include <unistd.h>

namespace weir {

void write_line(int descriptor, std::string text) noexcept {
  try {
    text += '\n';
  } catch (...) {  // the text is worth more than its line end
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace weir
