#pragma once

#include <cstdint>
#include <span>

#include <weir/mpi/communicator.hpp>

#include "round.hpp"

namespace weir::jobs {

/// **Collective.** Gives every rank what became of all jobs of a round, of which this rank has run those
/// numbered `own`. Throws agreed_error(internal) if a result cannot be read.
void exchange(const communicator& ranks, const round& all, std::span<const std::uint32_t> own);

}  // namespace weir::jobs
