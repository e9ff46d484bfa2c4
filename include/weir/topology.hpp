#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weir/mpi/communicator.hpp>

namespace weir {

/// Which ranks share one window.
struct domain_choice {
  enum class by { node, numa, ranks };

  by kind = by::node;
  /// With by::ranks: how many consecutive ranks of a node make a domain; a node's last one may have fewer.
  int ranks = 0;

  /// "node", "numa" or a positive number, as options spell it. Throws error(usage).
  static domain_choice parse(std::string_view text);
  friend bool operator==(const domain_choice&, const domain_choice&) = default;
};

/// What every rank knows of a node.
struct node_description {
  std::string host;
  int ranks = 0;
  int domains = 0;
  /// Processors that the launcher lets the node's ranks run on, together.
  int cores = 0;
};

/// Who is where: the world's nodes (ranks that share memory), their domains (ranks that share one window) and
/// the domains' leaders. Nodes are numbered by their lowest world rank; domains by node and then by their
/// lowest rank, so that those of a node are consecutive and world rank 0 is in domain 0. Move-only; `world`
/// must outlive it.
class topology {
 public:
  /// **Collective** over `world`. Throws agreed_error(usage) if domains by NUMA node are asked for and a rank
  /// is not bound to one.
  topology(const communicator& world, domain_choice choice);

  const communicator& world() const noexcept { return world_; }
  /// The ranks of this node, in the order of the world.
  const communicator& node() const noexcept { return node_; }
  /// The ranks of this domain, in the order of the world.
  const communicator& domain() const noexcept { return domain_; }
  /// The first ranks of all domains, in the order of domains: a leader's rank here is its domain's index. The
  /// null communicator on the other ranks.
  const communicator& leaders() const noexcept { return leaders_; }
  bool is_domain_leader() const noexcept { return domain_.rank() == 0; }

  int nodes() const noexcept { return static_cast<int>(descriptions_.size()); }
  int node_index() const noexcept { return node_index_; }
  int domains() const noexcept { return domains_; }
  int domain_index() const noexcept { return domain_index_; }
  int domains_on_node() const noexcept { return here().domains; }

  /// All nodes, in order; the same on all ranks.
  std::span<const node_description> descriptions() const noexcept { return descriptions_; }
  const std::string& host() const noexcept { return here().host; }
  /// Processors that this node's ranks may run on, together.
  int cores() const noexcept { return here().cores; }

  /// A sentence for the user if the ranks of any node, at `threads` threads each, are more than its cores: it
  /// names the worst node. Not collective; the same on all ranks.
  std::optional<std::string> oversubscription(int threads) const;

 private:
  const node_description& here() const noexcept {
    return descriptions_[static_cast<std::size_t>(node_index_)];
  }

  communicator world_;
  communicator node_;
  communicator domain_;
  communicator leaders_;
  std::vector<node_description> descriptions_;
  int node_index_ = 0;
  int domains_ = 0;
  int domain_index_ = 0;
};

}  // namespace weir
