#pragma once

#include <cstddef>

#include <weir/block_grid.hpp>
#include <weir/pipeline/block_choice.hpp>
#include <weir/pipeline/memory_plan.hpp>
#include <weir/pipeline/window_layout.hpp>

/// How large the windows of a domain are to be, and how many.
namespace weir::pipeline {

/// The window that holds any of these blocks.
window_regions window_for(const block_grid& blocks, const block_request& request);

/// The most that one of a domain's two windows may take of what `memory` leaves, or its only one where there
/// is no room for two; bytes. Throws `error` (usage) if a window for the smallest block finds no room.
std::size_t largest_window(const memory_plan& memory, const block_request& request);

/// What a window takes unless a larger one saves reading, in bytes. `packs`: the output's chunks are packed.
std::size_t usual_window(std::size_t largest, const block_request& request, bool packs);

/// While a block is written the next one is read, and filtered, in another window where the budget has room
/// for one.
std::size_t windows_for(const block_grid& blocks, const block_request& request, const memory_plan& memory);

}  // namespace weir::pipeline
