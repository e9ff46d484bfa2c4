#include <weir/split/all_nodes.hpp>

namespace weir {

all_nodes::all_nodes(const topology& places)
    : places_(places),
      ranks_(places.world().split(0, places.domain_index())),
      first_ranks_(static_cast<std::size_t>(places.domains()) + 1, 0) {
  std::vector<int> sizes(static_cast<std::size_t>(places.domains()));
  if (places.leaders()) sizes = places.leaders().all_gather(places.domain().size());
  places.domain().broadcast(std::span(sizes), 0);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    first_ranks_[i + 1] = first_ranks_[i] + static_cast<std::size_t>(sizes[i]);
  }
}

int all_nodes::domain_of(int world_rank) const {
  return places_.world().broadcast(places_.domain_index(), world_rank);
}

std::vector<std::size_t> all_nodes::first_rows(std::size_t rows) const {
  std::vector<std::size_t> first;
  first.reserve(first_ranks_.size());
  const std::size_t ranks = first_ranks_.back();
  for (const std::size_t rank : first_ranks_) {
    first.push_back(rank == ranks ? rows : part_of(rows, ranks, rank).begin);
  }
  return first;
}

}  // namespace weir
