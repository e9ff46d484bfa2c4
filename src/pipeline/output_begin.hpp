#pragma once

#include <weir/io/output.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/plan.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// Creates OUT.part as `state` wants it. Not collective. Throws `error` (cannot_create).
io::created_output create_part(const filter_job& job, const run_plan& plan, const checkpoint& state);

/// What the job's progress is at its beginning: rank 0 creates OUT.part, the files beside it that it joins if
/// it does, and its marker, or they are there. **Collective** over the world; the same on all ranks. Throws
/// `agreed_error`.
checkpoint open_output(const topology& where, const filter_job& job, const run_plan& plan);

}  // namespace weir::pipeline
