#pragma once

#include <optional>

#include <weir/block_grid.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/pipeline/checkpoint.hpp>
#include <weir/pipeline/memory_plan.hpp>
#include <weir/pipeline/whole_chunks.hpp>

namespace weir::pipeline {

/// A job's blocks, and the request that they fulfil.
struct planned_blocks {
  block_grid blocks;
  block_request request;
};

/// Chooses the blocks of a job in what `memory` leaves for windows: those that keep the chunks of a packed
/// output whole, where there are such and no length was asked for; of a run that is resumed, those of
/// `begun`. Not collective: the same on all ranks. Throws `error` (usage) where the budget is too small.
planned_blocks plan_blocks(block_request request, const memory_plan& memory,
                           const std::optional<chunked_output>& packed,
                           const std::optional<checkpoint>& begun);

}  // namespace weir::pipeline
