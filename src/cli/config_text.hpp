#pragma once

#include <istream>
#include <string>

#include "option_list.hpp"

namespace weir::cli {

/// The options of `app` with the values that they have now, as a TOML file that `--config` reads back: every
/// key with its description. Options that have no value stand there as comments, because an empty value is
/// none that they would accept. Throws exit_code::usage if a value has both quotation marks, a line break or
/// a backslash at its end, which such a file cannot hold.
std::string config_text(const option_list& app);

/// What `file` says without its comments: from a # outside of quotation marks to the end of its line.
std::string without_comments(std::istream& file);

}  // namespace weir::cli
