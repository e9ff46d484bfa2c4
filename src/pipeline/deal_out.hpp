#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include <weir/mpi/communicator.hpp>

namespace weir::pipeline {

/// Gives each rank its part of what rank 0 has, and no more: the first `counts[0]` of `all` stay with rank 0,
/// the next `counts[1]` go to rank 1, and so on. Rank 0 forgets what it has sent, and needs room for one part
/// beside the rest. `all` and `counts` are those of rank 0. **Collective.**
template <class Items>
std::vector<typename Items::value_type> deal_out(const communicator& ranks, Items all,
                                                 std::vector<std::uint64_t> counts) {
  using item = typename Items::value_type;
  const auto size = static_cast<std::size_t>(ranks.size());
  const auto rank = static_cast<std::size_t>(ranks.rank());
  counts.resize(size);
  ranks.broadcast(std::span(counts), 0);
  if (rank > 0) {
    std::vector<item> own(counts[rank]);
    if (!own.empty()) ranks.receive(std::span(own), 0);
    return own;
  }
  for (std::size_t to = size; --to > 0;) {
    if (counts[to] == 0) continue;
    const std::vector<item> part(std::prev(all.end(), static_cast<std::ptrdiff_t>(counts[to])), all.end());
    all.resize(all.size() - counts[to]);
    ranks.send(std::span(part), static_cast<int>(to));
  }
  return {all.begin(), all.end()};
}

}  // namespace weir::pipeline
