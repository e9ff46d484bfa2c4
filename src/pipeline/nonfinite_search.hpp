#pragma once

#include <optional>
#include <string>

#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/window_layout.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// One sentence on the first sample, in time and then by channel, that is NaN or infinite and that any result
/// of the job depends on; nothing if all are finite. Reads from the beginning to that sample, shared among
/// all ranks. **Collective** over the world; the same on all ranks. Throws `agreed_error`.
std::optional<std::string> first_nonfinite(const topology& where, const filter_job& job,
                                           const filter_reach& reach);

}  // namespace weir::pipeline
