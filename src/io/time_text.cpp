#include "time_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace weir::io {

namespace {

/// Takes parts off the front of a text; each tells whether it was there.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  bool skip(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// A whole number of exactly `digits` digits.
  bool number(std::size_t digits, int& value) {
    if (rest_.size() < digits) return false;
    const char* const end = rest_.data() + digits;
    const auto [stop, fault] = std::from_chars(rest_.data(), end, value);
    if (fault != std::errc{} || stop != end || value < 0) return false;
    rest_.remove_prefix(digits);
    return true;
  }

  /// The digits behind a decimal point, in nanoseconds; those beyond the ninth are dropped.
  std::int64_t fraction() {
    std::int64_t value = 0;
    std::int64_t unit = nanoseconds_a_second / 10;
    while (next() >= '0' && next() <= '9') {
      value += (next() - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

 private:
  std::string_view rest_;
};

bool take_date(scanner& text, std::string_view whole, std::chrono::year_month_day& date) {
  int year = 0;
  int month = 0;
  int day = 0;
  const bool is_day_first = whole.size() > 2 && (whole[2] == '/' || whole[2] == '.');
  const bool good = is_day_first ? text.number(2, day) && text.skip("/.") && text.number(2, month) &&
                                       text.skip("/.") && text.number(4, year)
                                 : text.number(4, year) && text.skip("-/") && text.number(2, month) &&
                                       text.skip("-/") && text.number(2, day);
  date = std::chrono::year(year) / month / day;
  return good && date.ok() && year >= 1678 && year <= 2261;
}

/// Minutes east of Greenwich.
bool take_zone(scanner& text, int& minutes) {
  while (text.skip(" ")) {
  }
  if (text.is_at_end() || text.skip("Z")) return true;
  const int sign = text.next() == '-' ? -1 : 1;
  int hour = 0;
  int minute = 0;
  if (!text.skip("+-") || !text.number(2, hour)) return false;
  text.skip(":");
  if (!text.is_at_end() && !text.number(2, minute)) return false;
  minutes = sign * (60 * hour + minute);
  return true;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view whole) {
  scanner text(whole);
  std::chrono::year_month_day date;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!take_date(text, whole, date)) return std::nullopt;
  if (!text.skip("T ") || !text.number(2, hour) || !text.skip(":") || !text.number(2, minute)) {
    return std::nullopt;
  }
  if (text.skip(":") && !text.number(2, second)) return std::nullopt;
  const std::int64_t fraction = text.skip(".,") ? text.fraction() : 0;
  int zone = 0;
  if (!take_zone(text, zone) || !text.is_at_end()) return std::nullopt;
  if (hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute - zone) * 60 + second;
  return seconds * nanoseconds_a_second + fraction;
}

std::optional<std::int64_t> nanoseconds(double seconds) {
  constexpr double most_seconds = 9.2e9;
  if (!(std::abs(seconds) < most_seconds)) return std::nullopt;
  const double whole = std::floor(seconds);
  return static_cast<std::int64_t>(whole) * nanoseconds_a_second +
         std::llround((seconds - whole) * static_cast<double>(nanoseconds_a_second));
}

std::string time_text(std::int64_t nanoseconds_since_1970) {
  namespace chrono = std::chrono;
  const chrono::nanoseconds time(nanoseconds_since_1970);
  const auto day = chrono::floor<chrono::days>(chrono::sys_time<chrono::nanoseconds>(time));
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(time - chrono::nanoseconds(day.time_since_epoch()));
  const std::int64_t fraction = clock.subseconds().count();
  const std::string digits =
      fraction % 1000 == 0 ? fmt::format("{:06}", fraction / 1000) : fmt::format("{:09}", fraction);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(), digits);
}

}  // namespace weir::io
