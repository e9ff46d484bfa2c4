#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "command.hpp"

namespace weir::cli {

std::unique_ptr<command> make_apply_command();
std::unique_ptr<command> make_design_command();
std::unique_ptr<command> make_filter_command();
std::unique_ptr<command> make_info_command();
std::unique_ptr<command> make_plot_command();
std::unique_ptr<command> make_sweep_command();
std::unique_ptr<command> make_synth_command();

/// A word after `weir`, what it is for, and how to make it.
struct command_entry {
  std::string_view name;
  std::string_view purpose;
  std::unique_ptr<command> (*make)();
};

/// All commands, in the order in which help lists them.
inline constexpr command_entry commands[] = {
    {"filter", "filter a recording", make_filter_command},
    {"apply", "run a function of your own over a recording, from a plugin", make_apply_command},
    {"design", "taps and response of a filter", make_design_command},
    {"info", "layout, shape, rate and chunks of a recording", make_info_command},
    {"plot", "traces and power spectra of a recording, or of two", make_plot_command},
    {"sweep", "score many filters over one recording, and find the best", make_sweep_command},
    {"synth", "make a test recording of any size, the same at every call", make_synth_command},
};

}  // namespace weir::cli
