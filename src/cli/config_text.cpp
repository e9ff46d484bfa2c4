#include "config_text.hpp"

#include <fmt/format.h>

namespace weir::cli {
namespace {

/// CLI11 reads either quote, and knows no escapes inside.
std::string quoted(const std::string& value) {
  const char quote = value.find('"') == std::string::npos ? '"' : '\'';
  return fmt::format("{}{}{}", quote, value, quote);
}

std::string line_of(const option& one) {
  const std::string& key = one.key();
  if (one.is_flag()) return one.is_set() ? key + " = true" : fmt::format("# {} = true", key);
  const std::vector<std::string> values = one.values();
  if (one.takes_several() && !values.empty()) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + quoted(value);
    return fmt::format("{} = [{}]", key, list);
  }
  if (!values.empty()) return fmt::format("{} = {}", key, quoted(values.front()));
  const std::string otherwise = one.default_text();
  return otherwise.empty() ? fmt::format("# {} =", key) : fmt::format("{} = {}", key, quoted(otherwise));
}

}  // namespace

std::string config_text(const option_list& app) {
  std::string text = fmt::format("# {}\n", app.name());
  for (const option& one : app.options()) {
    if (!one.is_configurable() || one.key().empty()) continue;
    text += fmt::format("\n# {}\n{}\n", one.description(), line_of(one));
  }
  return text;
}

}  // namespace weir::cli
