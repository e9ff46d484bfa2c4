#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace weir::cli {

/// Whether an option may be given more than once, or with more values than one: in a file it is a list then.
bool takes_several(const CLI::Option& option);

/// The options of `app` with the values that they have now, as a TOML file that `--config` reads back: every
/// key with its description. Options that have no value stand there as comments, because an empty value is
/// none that they would accept.
std::string config_text(const CLI::App& app);

}  // namespace weir::cli
