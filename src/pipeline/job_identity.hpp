#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <weir/pipeline/filter_job.hpp>

/// What tells whether an output that was begun is the one that a job would make.
namespace weir::pipeline {

/// All that the output's bits depend on: the input's identity with a probe of its content, the operation, the
/// ends, weir's version. Reads the input. Throws `error` (no_input).
nlohmann::json identity_of(const filter_job& job);

/// The same in one word, for the output's provenance.
std::string identity_text(const nlohmann::json& identity);

/// A checksum in 16 digits.
std::string hexadecimal(std::uint64_t value);

/// One sentence that names what differs and how; empty if nothing does.
std::string difference(const nlohmann::json& begun, const nlohmann::json& now);

}  // namespace weir::pipeline
