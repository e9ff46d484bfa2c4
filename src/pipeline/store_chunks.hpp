#pragma once

#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// Makes a packed output of the logs of its chunks, when all blocks are done: all ranks pack the chunks that
/// blocks met in, rank 0 stores all in OUT.part. `saved`: what the marker says, on rank 0. A run that is
/// killed here goes on from the logs. **Collective** over the world. Throws `agreed_error`.
void store_chunks(const topology& where, const filter_job& job, const checkpoint& saved, rank_counts& counts);

}  // namespace weir::pipeline
