#pragma once

#include <cstddef>

#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/memory_plan.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// The memory of the node that has least, as far as it does not depend on the blocks: all but the window.
/// `operation_bytes`: what one rank holds for the filter. **Collective** over the world.
memory_plan plan_memory(const topology& where, const filter_job& job, std::size_t operation_bytes);

}  // namespace weir::pipeline
