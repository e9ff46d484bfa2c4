#include "config_text.hpp"

#include <fmt/format.h>

#include <weir/error.hpp>

namespace weir::cli {
namespace {

/// Whether CLI11 reads `value` back from between quotation marks. It reads either mark and knows no escapes,
/// but takes a backslash before the closing one for one where there are blanks or commas.
bool can_be_quoted(const std::string& value) {
  const bool has_both = value.find('"') != std::string::npos && value.find('\'') != std::string::npos;
  return !has_both && value.find('\n') == std::string::npos && !value.ends_with('\\');
}

std::string quoted(const std::string& key, const std::string& value) {
  if (!can_be_quoted(value)) {
    throw error(
        exit_code::usage,
        fmt::format("a file of options cannot hold the value of --{}, which has both quotation marks, a "
                    "line break or a backslash at its end; leave it out here and say it on the command "
                    "line",
                    key));
  }
  const char quote = value.find('"') == std::string::npos ? '"' : '\'';
  return fmt::format("{}{}{}", quote, value, quote);
}

std::string line_of(const option& one) {
  const std::string& key = one.key();
  if (one.is_flag()) return one.is_set() ? key + " = true" : fmt::format("# {} = true", key);
  const std::vector<std::string> values = one.values();
  if (one.takes_several() && !values.empty()) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : ", ") + quoted(key, value);
    return fmt::format("{} = [{}]", key, list);
  }
  if (!values.empty()) return fmt::format("{} = {}", key, quoted(key, values.front()));
  const std::string otherwise = one.default_text();
  return otherwise.empty() ? fmt::format("# {} =", key) : fmt::format("{} = {}", key, quoted(key, otherwise));
}

/// Where the comment of a line begins, or npos.
std::size_t comment_of(const std::string& line) {
  char open = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (open == '\0' && c == '#') return i;
    if (c != '"' && c != '\'') continue;
    if (open == '\0') {
      open = c;
    } else if (open == c) {
      open = '\0';
    }
  }
  return std::string::npos;
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

std::string without_comments(std::istream& file) {
  std::string text;
  for (std::string line; std::getline(file, line);) text += line.substr(0, comment_of(line)) + '\n';
  return text;
}

}  // namespace weir::cli
