#include "sweep_grid.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <sstream>

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

constexpr double most_values = 1e6;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

bool begins_with_a_number(const std::string& text) {
  double value = 0;
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc{};
}

}  // namespace

std::pair<double, std::string> number_and_unit(const std::string& text, const std::string& option) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || !std::isfinite(value)) {
    throw error(exit_code::usage,
                fmt::format("{} got '{}', which does not begin with a number", option, text));
  }
  return {value, std::string(end, text.data() + text.size())};
}

std::vector<std::string> swept_values(const std::string& text, const std::string& option) {
  const std::vector<std::string> ends = split(text, ':');
  if (ends.size() != 3 || !begins_with_a_number(ends[0])) {
    const std::vector<std::string> values = split(text, ',');
    return values.empty() ? std::vector<std::string>{text} : values;
  }
  const auto [first, unit] = number_and_unit(ends[0], option);
  const auto [last, last_unit] = number_and_unit(ends[1], option);
  const auto [step, step_unit] = number_and_unit(ends[2], option);
  if (unit != last_unit || unit != step_unit || !(step > 0) || last < first ||
      (last - first) / step > most_values) {
    throw error(
        exit_code::usage,
        fmt::format("{} got the range '{}'; give FIRST:LAST:STEP in one unit, with LAST not below FIRST, a "
                    "STEP above 0 and at most a million values",
                    option, text));
  }
  // A step that does not divide the range exactly in binary still reaches the end that a person sees.
  constexpr double tolerance = 1e-9;
  const auto count = static_cast<std::size_t>(std::floor((last - first) / step + tolerance)) + 1;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(fmt::format("{:.12g}{}", first + static_cast<double>(i) * step, unit));
  }
  return values;
}

std::vector<std::vector<std::string>> combinations(const std::vector<swept_option>& options) {
  std::vector<std::vector<std::string>> all{{}};
  for (const auto& [name, values] : options) {
    if (static_cast<double>(all.size()) * static_cast<double>(values.size()) > most_values) {
      throw error(exit_code::usage,
                  "the options to sweep have more than a million combinations; give fewer values");
    }
    std::vector<std::vector<std::string>> longer;
    for (const std::vector<std::string>& before : all) {
      for (const std::string& value : values) {
        longer.push_back(before);
        longer.back().push_back(value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

}  // namespace weir::cli
