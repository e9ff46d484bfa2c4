#include "config_text.hpp"

#include <fmt/format.h>

namespace weir::cli {
namespace {

/// CLI11 reads either quote, and knows no escapes inside.
std::string quoted(const std::string& value) {
  const char quote = value.find('"') == std::string::npos ? '"' : '\'';
  return fmt::format("{}{}{}", quote, value, quote);
}

std::string line_of(const CLI::Option& option) {
  const std::string& key = option.get_lnames().front();
  const bool is_flag = option.get_expected_max() == 0;
  if (is_flag) {
    const bool is_set = option.count() > 0 && option.as<bool>();
    return is_set ? key + " = true" : fmt::format("# {} = true", key);
  }
  if (takes_several(option) && option.count() > 0) {
    std::string list;
    for (const std::string& value : option.results()) list += (list.empty() ? "" : ", ") + quoted(value);
    return fmt::format("{} = [{}]", key, list);
  }
  if (option.count() > 0) return fmt::format("{} = {}", key, quoted(option.results().front()));
  const std::string otherwise = option.get_default_str();
  return otherwise.empty() ? fmt::format("# {} =", key) : fmt::format("{} = {}", key, quoted(otherwise));
}

}  // namespace

bool takes_several(const CLI::Option& option) {
  return option.get_expected_max() > 1;
}

std::string config_text(const CLI::App& app) {
  std::string text = fmt::format("# {}\n", app.get_name());
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_configurable() || option->get_lnames().empty()) continue;
    text += fmt::format("\n# {}\n{}\n", option->get_description(), line_of(*option));
  }
  return text;
}

}  // namespace weir::cli
