#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/communicator.hpp>

namespace weir::pipeline {

/// Gives each rank its part of what rank 0 has, and no more: the first `counts[0]` of `all` stay with rank 0,
/// the next `counts[1]` go to rank 1, and so on. Rank 0 forgets what it has sent, and needs room for one part
/// beside the rest. `all` and `counts` are those of rank 0. **Collective.** Throws `agreed_error` where a
/// rank has no memory for its part.
template <class Items>
std::vector<typename Items::value_type> deal_out(const communicator& ranks, Items all,
                                                 std::vector<std::uint64_t> counts) {
  using item = typename Items::value_type;
  const auto size = static_cast<std::size_t>(ranks.size());
  const auto rank = static_cast<std::size_t>(ranks.rank());
  counts.resize(size);
  ranks.broadcast(std::span(counts), 0);
  // Once this is agreed on nothing fails on one rank while another waits for it.
  std::vector<item> own;
  std::vector<item> sent;
  agree(ranks, [&] {
    if (rank == 0) sent.reserve(*std::ranges::max_element(counts));
    own.reserve(counts[rank]);
  });
  if (rank > 0) {
    own.resize(counts[rank]);
    if (!own.empty()) ranks.receive(std::span(own), 0);
    return own;
  }
  for (std::size_t to = size; --to > 0;) {
    if (counts[to] == 0) continue;
    sent.assign(std::prev(all.end(), static_cast<std::ptrdiff_t>(counts[to])), all.end());
    all.resize(all.size() - counts[to]);
    ranks.send(std::span(sent), static_cast<int>(to));
  }
  own.assign(all.begin(), all.end());
  return own;
}

}  // namespace weir::pipeline
