#pragma once

#include <string>

#include <weir/pipeline/plan.hpp>

/// How long a plan is expected to take, with the rates that the job was given or the usual ones.
namespace weir::pipeline {

/// Of the blocks that are still to do. The plan's other members are known.
run_time expected_time(const run_plan& plan, const filter_job& job);

/// For people, in one line: the time and its parts, what is not in it, and how fast files must be for it.
std::string time_text(const run_plan& plan, const filter_job& job);

}  // namespace weir::pipeline
