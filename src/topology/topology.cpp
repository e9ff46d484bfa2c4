#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include <weir/mpi/agree.hpp>
#include <weir/mpi/host.hpp>
#include <weir/topology.hpp>

#include "processors.hpp"

namespace weir {
namespace {

/// The processors that any rank of the node may run on.
int cores_of(const communicator& node) {
  processor_set set = allowed_processors();
  set.resize(node.all_reduce(set.size(), reduction::max), 0);
  node.all_reduce(std::span(set), reduction::bit_or);
  return count(set);
}

int numa_color(const communicator& world) {
  return agree(world, [] {
    const std::optional<int> node = numa_node_of(allowed_processors());
    if (!node) {
      throw error(
          exit_code::usage,
          "domains by NUMA node need every rank bound to one; let the launcher bind them (mpirun --map-by "
          "numa --bind-to numa, srun --cpu-bind=ldoms), or choose a number of ranks a domain");
    }
    return *node;
  });
}

int domain_color(const communicator& world, const communicator& node, domain_choice choice) {
  switch (choice.kind) {
    case domain_choice::by::node:
      return 0;
    case domain_choice::by::numa:
      return numa_color(world);
    case domain_choice::by::ranks:
      return node.rank() / choice.ranks;
  }
  return 0;
}

}  // namespace

domain_choice domain_choice::parse(std::string_view text) {
  if (text == "node") return {by::node, 0};
  if (text == "numa") return {by::numa, 0};
  int ranks = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), ranks);
  if (failure != std::errc() || end != text.data() + text.size() || ranks < 1) {
    throw error(
        exit_code::usage,
        fmt::format("'{}' is no choice of domains; use node, numa or a number of ranks from 1", text));
  }
  return {by::ranks, ranks};
}

topology::topology(const communicator& world, domain_choice choice)
    : world_(world.view()), node_(world_.split_shared()) {
  if (choice.kind == domain_choice::by::ranks && choice.ranks < 1) {
    throw agreed_error(exit_code::usage, fmt::format("a domain of {} ranks is not possible", choice.ranks),
                       world_.rank(), world_.size());
  }
  domain_ = node_.split(domain_color(world_, node_, choice), node_.rank());
  const communicator leaders_here =
      node_.split(is_domain_leader() ? 0 : communicator::no_color, node_.rank());
  const communicator first_ranks =
      world_.split(node_.rank() == 0 ? 0 : communicator::no_color, world_.rank());

  // A node's first rank leads a domain too, so it knows how many leaders its node has.
  node_description mine{host_name(), node_.size(), 0, cores_of(node_)};
  mine.domains = node_.broadcast(leaders_here.size(), 0);
  node_index_ = node_.broadcast(first_ranks.rank(), 0);

  const int count_of_nodes = node_.broadcast(first_ranks.size(), 0);
  std::vector<std::string> hosts(static_cast<std::size_t>(count_of_nodes));
  std::vector<std::array<int, 3>> numbers(hosts.size());
  if (first_ranks) {
    hosts = first_ranks.all_gather(mine.host);
    numbers = first_ranks.all_gather(std::array{mine.ranks, mine.domains, mine.cores});
  }
  node_.broadcast(std::span(numbers), 0);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto [ranks, domains, cores] = numbers[i];
    descriptions_.push_back({node_.broadcast(std::move(hosts[i]), 0), ranks, domains, cores});
  }

  int before = 0;
  for (int i = 0; i < nodes(); ++i) {
    const int here_domains = descriptions_[static_cast<std::size_t>(i)].domains;
    domains_ += here_domains;
    if (i < node_index_) before += here_domains;
  }
  domain_index_ = before + domain_.broadcast(leaders_here.rank(), 0);
  leaders_ = world_.split(is_domain_leader() ? 0 : communicator::no_color, domain_index_);
}

std::optional<std::string> topology::oversubscription(int threads) const {
  const auto excess = [&](const node_description& node) {
    return static_cast<double>(node.ranks) * threads / std::max(node.cores, 1);
  };
  const auto worst = std::ranges::max_element(descriptions_, {}, excess);
  if (worst == descriptions_.end() || excess(*worst) <= 1.0) return std::nullopt;
  return fmt::format(
      "{} ranks of {} thread{} share {} core{} of host {}; start fewer ranks, or let the launcher "
      "give more cores",
      worst->ranks, threads, threads == 1 ? "" : "s", worst->cores, worst->cores == 1 ? "" : "s",
      worst->host);
}

}  // namespace weir
