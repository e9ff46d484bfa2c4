#pragma once

#include <cstddef>

#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/filter_job.hpp>
#include <weir/pipeline/report.hpp>
#include <weir/pipeline/whole_chunks.hpp>
#include <weir/topology.hpp>

namespace weir::pipeline {

/// Makes a packed output of the logs of its chunks, when all blocks are done: all ranks pack the chunks that
/// blocks met in, rank 0 gives all their places in OUT.part, or each domain's first rank those of its files,
/// and all ranks bring the chunks of their logs there. `all`: what is done, `saved`: what the marker says of
/// it, on rank 0. A run that is killed here goes on from what the marker says. **Collective** over the world.
/// Throws `agreed_error`.
void store_chunks(const topology& where, const filter_job& job, const checkpoint& all,
                  const checkpoint& saved, rank_counts& counts);

/// What a node's ranks hold for it at most: those that pack, and rank 0 that knows of all chunks. `part`: the
/// output, with its chunks.
std::size_t storing_bytes(const io::recording& part, const cut_chunks& cut, std::size_t ranks);

}  // namespace weir::pipeline
