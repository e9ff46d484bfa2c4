#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include <weir/error.hpp>

namespace weir::cli {

/// Why a command does not run: help was asked for, or an option is wrong.
struct early_end {
  exit_code code;
  std::string text;  ///< help, or the sentence of an error
};

/// Reads the arguments that follow a command's name into the options of `app`. Nothing if the command is to
/// run. Not collective: every rank reads the same arguments.
std::optional<early_end> parse(CLI::App& app, int argc, const char* const* argv);

}  // namespace weir::cli
