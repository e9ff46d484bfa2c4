#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include <weir/pipeline/operation.hpp>
#include <weir/pipeline/time_model.hpp>

/// What the constants of predict() are for a run. Nothing here is collective.
namespace weir::pipeline {

/// What a rank needs on the machine of bench/README.md, with the files in its page cache. Of an operation
/// whose cost is not known, a plugin's, the filter's part is 0; what steps before it and packing cost is not
/// counted.
machine_rates usual_rates(const operation& what);

/// The rates of an earlier run by its `--report`: what its disk, its packing and other users cost is in them.
/// Throws `error` (bad_data), naming `file`, if the report does not tell them.
machine_rates rates_of(const nlohmann::json& report, std::string_view file);

/// The same of a report in a file. Throws `error` also if there is none (no_input).
machine_rates rates_of_file(const std::string& file);

}  // namespace weir::pipeline
