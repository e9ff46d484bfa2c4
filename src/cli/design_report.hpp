#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "filter_choice.hpp"

namespace weir::cli {

/// What a filter does, for people and for programs: its length, its delay, its response. Without a sampling
/// rate frequencies are in cycles a sample.
std::string describe(const chosen_filter& filter, std::optional<double> sampling_rate);
nlohmann::json facts_of(const chosen_filter& filter, std::optional<double> sampling_rate);

/// Draws the response (in dB and as it is), its phase or delay, and the taps, by gnuplot. Throws as
/// picture_to() and run_gnuplot().
void draw_response(const chosen_filter& filter, std::optional<double> sampling_rate, const std::string& file);

}  // namespace weir::cli
