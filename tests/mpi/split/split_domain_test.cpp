#include "split_fixture.hpp"

using namespace weir;

namespace {

INSTANTIATE_TEST_SUITE_P(domains, splits, testing::Values("node", "2", "1"), name_of_choice);

/// The number of ranks that work on x, as the split itself counts them.
constexpr auto one_a_part = [](const auto&) { return 1; };

TEST_P(splits, run_over_the_ranks_that_share_the_array) {
  const auto x = counting({100, 2});
  EXPECT_EQ(split_at(one_a_part)(x).size(), ranks);
}

TEST_P(splits, run_over_the_ranks_that_a_call_names) {
  const communicator node = world.split_shared();
  const auto x = shared_copy(node, xt::xarray<double>(xt::ones<double>({100, 2})));
  const auto count = split_at(one_a_part);
  EXPECT_EQ(count(x).size(), std::size_t(node.size()));
  EXPECT_EQ(count.over(places)(x).size(), ranks);
  EXPECT_EQ(count.over(split_domain::self())(x).size(), 1U);
  EXPECT_EQ(count.plan(x).parts, std::size_t(node.size()));
  EXPECT_EQ(count.over(domain).plan(x).parts, ranks);
  const auto y =
      split_output([](const auto& rows) { return xt::xarray<double>(rows + 1.0); }).over(domain)(x);
  EXPECT_EQ(y.domain().size(), domain.size());
  EXPECT_EQ(y.elements()[199], 2.0);
}

TEST_P(splits, run_over_the_ranks_of_the_innermost_scope) {
  const communicator node = world.split_shared();
  const auto x = shared_copy(node, xt::xarray<double>(xt::ones<double>({100, 2})));
  const auto count = split_at(one_a_part);
  {
    const domain_scope here(places);
    EXPECT_EQ(count(x).size(), ranks);
    {
      const domain_scope alone(split_domain::self());
      EXPECT_EQ(count(x).size(), 1U);
      EXPECT_EQ(count.over(node)(x).size(), std::size_t(node.size()));
    }
    EXPECT_EQ(count(x).size(), ranks);
    EXPECT_EQ(count(std::vector<double>(7)).size(), 1U) << "one axis";
  }
  EXPECT_EQ(count(x).size(), std::size_t(node.size()));
  EXPECT_FALSE(domain_scope::current().has_value());
}

TEST_P(splits, restore_the_scope_when_an_error_leaves_it) {
  const auto x = counting({4, 2});
  EXPECT_THROW(
      {
        const domain_scope here(domain);
        split_at([](const auto&) { throw error(exit_code::bad_data, "out"); })(x);
      },
      error);
  EXPECT_FALSE(domain_scope::current().has_value());
  EXPECT_FALSE(alone_scope::is_open());
}

TEST_P(splits, write_only_where_all_sharers_take_part) {
  if (ranks < 2) GTEST_SKIP() << "this rank shares with nobody";
  auto x = counting({4, 2});
  const auto clear = split_at([](auto& rows) { rows *= 0.0; });
  const failure got = failure_of([&] { clear.over(split_domain::self())(x); });
  EXPECT_EQ(got.code, exit_code::usage);
  EXPECT_EQ(x.elements()[0], 1.0);

  shared_array<double> own(split_domain::self().memory(), {4, 2});
  EXPECT_EQ(failure_of([&] { split_at(one_a_part).over(domain)(own); }).code, exit_code::usage);
}

TEST_P(splits, call_the_plain_function_where_serial_is_on) {
  auto x = counting({10, 4});
  const auto parallel_sum = split_output([](const auto& rows) { return xt::xarray<double>(rows / 3.0); });
  const auto y = parallel_sum(x);
  {
    const serial here;
    EXPECT_EQ(parallel_sum.plan(x).way, split_way::serial_switch);
    EXPECT_EQ(split_at(one_a_part)(x).size(), 1U);
    EXPECT_EQ(values_of(parallel_sum(x)), values_of(y));
    {
      const serial not_here(false);
      EXPECT_EQ(split_at(one_a_part)(x).size(), busy(10));
    }
    EXPECT_TRUE(serial::is_on());
  }
  EXPECT_FALSE(serial::is_on());
  serial::set(true);
  EXPECT_EQ(split_at(one_a_part)(x).size(), 1U);
  EXPECT_EQ(split_at(one_a_part)(x).size(), 1U) << "the switch is sticky";
  serial::set(false);
  EXPECT_EQ(split_at(one_a_part)(x).size(), busy(10));
}

class splits_over_all_nodes : public splits {
 protected:
  all_nodes nodes{places};
};
INSTANTIATE_TEST_SUITE_P(domains, splits_over_all_nodes, testing::Values("node", "2", "1"), name_of_choice);

TEST_P(splits_over_all_nodes, divide_the_work_and_tell_the_results) {
  for (const std::size_t rows : {0, 1, 5, 23}) {
    auto x = counting({rows, 3});
    int calls = 0;
    const auto triple = split_output([&](const auto& part) {
      ++calls;
      return xt::xarray<double>(part * 3.0);
    });
    const domain_scope everywhere(nodes);
    const auto y = triple(x);
    EXPECT_EQ(y.domain().size(), domain.size());
    for (std::size_t i = 0; i < y.size(); ++i) ASSERT_EQ(y.elements()[i], 3.0 * double(i + 1));
    const int busy_ranks = std::max(1, std::min(int(rows), world.size()));
    EXPECT_EQ(world.all_reduce(calls, reduction::sum), busy_ranks);

    triple(x, in_place);
    EXPECT_EQ(values_of(x), values_of(y));
    split_at([](auto& part) { part += 1.0; })(x);
    for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(x.elements()[i], 3.0 * double(i + 1) + 1.0);

    const auto ends = split_at([](const auto& part) {
      std::vector<double> lasts;
      for (std::size_t i = 0; i < part.shape(0); ++i) lasts.push_back(part(i, 2));
      return lasts;
    })(x);
    ASSERT_EQ(ends.size(), rows);
    for (std::size_t i = 0; i < rows; ++i) ASSERT_EQ(ends.elements()[i], x.elements()[3 * i + 2]);

    const serial here;
    EXPECT_EQ(values_of(triple(x)), values_of(split_output([](const auto& part) {
                                                return xt::xarray<double>(part * 3.0);
                                              }).over(domain)(x)));
  }
}

TEST_P(splits_over_all_nodes, throw_the_first_error_of_the_world) {
  const auto x = counting({16, 2});
  const failure got = failure_of([&] {
    split_at([&](const auto& part) {
      if (part(0, 0) > 1 || nodes.ranks().size() == 1) throw error(exit_code::bad_data, "dry");
    }).over(nodes)(x);
  });
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_EQ(world.all_gather(got.sentence),
            std::vector<std::string>(std::size_t(world.size()), got.sentence));
}

TEST_P(splits_over_all_nodes, put_the_ranks_of_a_domain_side_by_side) {
  EXPECT_EQ(nodes.first_rank_of(places.domain_index()) + rank, std::size_t(nodes.ranks().rank()));
  EXPECT_EQ(nodes.first_rank_of(places.domains()), std::size_t(world.size()));
  const auto first = nodes.first_rows(1000);
  for (std::size_t d = 0; d + 1 < first.size(); ++d) {
    const double share = double(nodes.first_rank_of(int(d) + 1) - nodes.first_rank_of(int(d))) / world.size();
    EXPECT_NEAR(double(first[d + 1] - first[d]), share * 1000, double(world.size()));
  }
  for (int r = 0; r < world.size(); ++r) {
    EXPECT_EQ(nodes.domain_of(r), world.broadcast(places.domain_index(), r));
  }
}

}  // namespace
