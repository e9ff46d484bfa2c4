#include "parse.hpp"

#include <fmt/format.h>

namespace weir::cli {

std::optional<early_end> parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return early_end{exit_code::done, app.help()};
  } catch (const CLI::ConfigError& problem) {
    return early_end{exit_code::usage,
                     fmt::format("the file of --config has a key that is no option ({}); {} --print-config "
                                 "lists the keys",
                                 problem.what(), app.get_name())};
  } catch (const CLI::ParseError& problem) {
    return early_end{exit_code::usage, fmt::format("{}; see {} --help", problem.what(), app.get_name())};
  }
  return std::nullopt;
}

}  // namespace weir::cli
