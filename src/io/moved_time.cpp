#include "moved_time.hpp"

#include <cstdint>
#include <optional>

#include "attributes.hpp"
#include "time_text.hpp"

namespace weir::io {

std::string moved_time(const std::string& text, double seconds) {
  const std::optional<std::int64_t> step = nanoseconds(seconds);
  const std::size_t clock = text.find(':');
  if (!step || clock == std::string::npos) return text;
  // A zone stands behind the time of day, and only there may a sign be.
  const std::size_t zone = text.find_first_not_of("0123456789:.,", clock);
  const std::optional<std::int64_t> local = parse_time(text.substr(0, zone));
  if (!local) return text;
  std::string moved = time_text(*local + *step);
  moved.pop_back();
  constexpr std::size_t date_end = 10;
  if (text[2] == '/')
    moved.replace(0, date_end, moved.substr(8, 2) + '/' + moved.substr(5, 2) + '/' + moved.substr(0, 4));
  moved[date_end] = text[date_end];
  return zone == std::string::npos ? moved : moved + text.substr(zone);
}

void move_time(hid_t object, const std::string& name, double seconds) {
  if (const std::optional<std::string> text = h5::text_attribute(object, name)) {
    h5::rewrite_attribute(object, name, moved_time(*text, seconds));
  }
}

}  // namespace weir::io
