#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/mpi/host.hpp>
#include <weir/topology.hpp>

using namespace weir;

namespace {

class topologies : public testing::TestWithParam<const char*> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(GetParam())};
};

INSTANTIATE_TEST_SUITE_P(domains, topologies, testing::Values("node", "numa", "1", "2", "3", "8"),
                         [](const auto& choice) { return std::string("by_") + choice.param; });

TEST_P(topologies, put_each_rank_into_one_domain_of_one_node) {
  EXPECT_EQ(places.world().size(), world.size());
  const int ranks_of_leaders =
      world.all_reduce(places.is_domain_leader() ? places.domain().size() : 0, reduction::sum);
  EXPECT_EQ(ranks_of_leaders, world.size());
  const int ranks_of_nodes =
      world.all_reduce(places.node().rank() == 0 ? places.node().size() : 0, reduction::sum);
  EXPECT_EQ(ranks_of_nodes, world.size());
  // All ranks of a domain are on its node.
  const int node = places.node_index();
  EXPECT_EQ(places.domain().all_reduce(node, reduction::min), node);
  EXPECT_EQ(places.domain().all_reduce(node, reduction::max), node);
}

TEST_P(topologies, number_domains_node_by_node_from_the_first_rank) {
  const std::vector<int> domains = world.all_gather(places.domain_index());
  const std::vector<int> nodes = world.all_gather(places.node_index());
  EXPECT_EQ(domains[0], 0);
  EXPECT_EQ(nodes[0], 0);
  EXPECT_EQ(*std::ranges::max_element(domains) + 1, places.domains());
  EXPECT_EQ(*std::ranges::max_element(nodes) + 1, places.nodes());

  std::vector<int> node_of_domain(std::size_t(places.domains()), -1);
  for (std::size_t rank = 0; rank < domains.size(); ++rank) {
    int& node = node_of_domain[std::size_t(domains[rank])];
    EXPECT_TRUE(node == -1 || node == nodes[rank]);
    node = nodes[rank];
  }
  EXPECT_TRUE(std::ranges::is_sorted(node_of_domain));
  EXPECT_EQ(std::ranges::count(node_of_domain, -1), 0);
  EXPECT_EQ(std::ranges::count(node_of_domain, places.node_index()), places.domains_on_node());
  // On one node, domains follow the ranks.
  if (places.nodes() == 1) {
    EXPECT_TRUE(std::ranges::is_sorted(domains));
  }
}

TEST_P(topologies, join_the_leaders_in_the_order_of_domains) {
  EXPECT_EQ(bool(places.leaders()), places.is_domain_leader());
  if (!places.leaders()) return;
  EXPECT_EQ(places.leaders().size(), places.domains());
  EXPECT_EQ(places.leaders().rank(), places.domain_index());
}

TEST_P(topologies, describe_all_nodes_to_all_ranks) {
  ASSERT_EQ(places.descriptions().size(), std::size_t(places.nodes()));
  int ranks = 0;
  int domains = 0;
  for (const node_description& node : places.descriptions()) {
    ranks += node.ranks;
    domains += node.domains;
    EXPECT_GE(node.cores, 1);
  }
  EXPECT_EQ(ranks, world.size());
  EXPECT_EQ(domains, places.domains());
  EXPECT_EQ(places.host(), host_name());
  EXPECT_EQ(places.descriptions()[std::size_t(places.node_index())].ranks, places.node().size());
}

TEST_P(topologies, say_when_threads_are_more_than_cores) {
  EXPECT_TRUE(places.oversubscription(places.cores() + 1).has_value());
  const bool too_many = std::ranges::any_of(
      places.descriptions(), [](const node_description& node) { return node.ranks > node.cores; });
  const std::optional<std::string> warning = places.oversubscription(1);
  EXPECT_EQ(warning.has_value(), too_many);
  if (warning) {
    const std::vector<std::string> same(std::size_t(world.size()), *warning);
    EXPECT_EQ(world.all_gather(*warning), same);
    EXPECT_NE(warning->find("1 thread"), std::string::npos) << *warning;
  }
}

TEST(topology_of_ranks, cuts_a_node_into_even_runs) {
  const communicator world = communicator::world();
  const topology pairs(world, {domain_choice::by::ranks, 2});
  EXPECT_EQ(pairs.domain().rank(), pairs.node().rank() % 2);
  EXPECT_EQ(pairs.domain().size(), std::min(2, pairs.node().size() - pairs.node().rank() / 2 * 2));
}

TEST(domain_choices, are_parsed_or_refused) {
  using by = domain_choice::by;
  EXPECT_EQ(domain_choice::parse("node"), (domain_choice{by::node, 0}));
  EXPECT_EQ(domain_choice::parse("numa"), (domain_choice{by::numa, 0}));
  EXPECT_EQ(domain_choice::parse("12"), (domain_choice{by::ranks, 12}));
  for (const char* wrong : {"", "0", "-1", "1.5", "2 ", "nodes", "NODE", "99999999999"}) {
    try {
      domain_choice::parse(wrong);
      ADD_FAILURE() << "'" << wrong << "' was taken";
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
      EXPECT_NE(std::string(e.what()).find(std::string("'") + wrong + "'"), std::string::npos) << e.what();
    }
  }
  EXPECT_THROW(topology(communicator::self(), {by::ranks, 0}), error);
}

}  // namespace
