#pragma once

#include <cstddef>
#include <vector>

#include <weir/mpi/communicator.hpp>
#include <weir/partition.hpp>
#include <weir/topology.hpp>

namespace weir {

/// All ranks of the job as one row of workers: those of a domain stand side by side, domains in their order,
/// so an even share for every rank gives each domain, and each node, consecutive rows in proportion to its
/// ranks. Owns a communicator; not movable, because arrays and splits refer to it; `places` must outlive it.
class all_nodes {
 public:
  /// **Collective** over the topology's world.
  explicit all_nodes(const topology& places);
  explicit all_nodes(topology&& temporary) = delete;
  all_nodes(const all_nodes&) = delete;
  all_nodes& operator=(const all_nodes&) = delete;
  ~all_nodes() = default;

  const topology& places() const noexcept { return places_; }
  const communicator& domain() const noexcept { return places_.domain(); }
  /// All ranks, in the order of domains.
  const communicator& ranks() const noexcept { return ranks_; }

  /// How many ranks the domains before `domain` have; `domain` may be the number of domains.
  std::size_t first_rank_of(int domain) const { return first_ranks_[static_cast<std::size_t>(domain)]; }
  /// The domain that a rank of the world is in, the same on all ranks. **Collective** over the world.
  int domain_of(int world_rank) const;

  /// Where each domain's share of `rows` rows begins, and, at the end, `rows`.
  std::vector<std::size_t> first_rows(std::size_t rows) const;

 private:
  const topology& places_;
  communicator ranks_;
  std::vector<std::size_t> first_ranks_;
};

}  // namespace weir
