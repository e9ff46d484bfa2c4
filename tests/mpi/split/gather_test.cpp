#include <cstdint>

#include "split_fixture.hpp"

using namespace weir;

namespace {

/// Arrays over all nodes, moved in rounds of a given number of bytes: less than a row of 7 doubles, some rows
/// of them, and the whole array, as int limits cut arrays of more than 2^31 bytes.
class rows_over_nodes : public testing::TestWithParam<std::tuple<const char*, std::size_t>> {
 protected:
  communicator world = communicator::world();
  topology places{world, domain_choice::parse(std::get<0>(GetParam()))};
  all_nodes nodes{places};
  std::size_t round_bytes = std::get<1>(GetParam());
  std::size_t domains = std::size_t(places.domains());
  std::size_t index = std::size_t(places.domain_index());
  bool leads = places.is_domain_leader();

  /// Element i of the whole array is i + 1.
  template <class T = double>
  distributed_array<T> counting(array_shape shape) const {
    distributed_array<T> array(nodes, std::move(shape));
    if (leads) {
      const auto elements = array.local().elements();
      std::iota(elements.begin(), elements.end(), T(array.domain_rows().begin * array.columns() + 1));
    }
    array.synchronize();
    return array;
  }

  template <class T>
  static void expect_counting(const shared_array<T>& array, const array_shape& shape) {
    ASSERT_EQ(array.shape(), shape);
    for (std::size_t i = 0; i < array.size(); ++i) ASSERT_EQ(array.elements()[i], T(i + 1)) << i;
  }
};

INSTANTIATE_TEST_SUITE_P(rounds, rows_over_nodes,
                         testing::Combine(testing::Values("node", "2", "1"),
                                          testing::Values<std::size_t>(11, 200, default_round_bytes)),
                         [](const auto& choice) {
                           return std::string("of_") + std::get<0>(choice.param) + "_in_" +
                                  std::to_string(std::get<1>(choice.param));
                         });

TEST_P(rows_over_nodes, come_together_at_any_root) {
  const auto x = counting({5, 4, 7});
  for (const int root : {0, world.size() - 1}) {
    const auto all = gather(x, root, round_bytes);
    if (places.domain_index() == nodes.domain_of(root)) {
      expect_counting(all, {5, 4, 7});
    } else {
      EXPECT_EQ(all.size(), 0U);
    }
  }
}

TEST_P(rows_over_nodes, come_together_everywhere) {
  expect_counting(all_gather(counting({23, 7}), round_bytes), {23, 7});
  expect_counting(all_gather(counting<std::int16_t>({1, 3}), round_bytes), {1, 3});
  expect_counting(all_gather(counting<float>({0, 3}), round_bytes), {0, 3});
  expect_counting(all_gather(counting({40}), round_bytes), {40});
}

TEST_P(rows_over_nodes, are_handed_out_from_any_root) {
  for (const int root : {0, world.size() - 1}) {
    shared_array<double> whole;
    if (nodes.domain_of(root) == places.domain_index()) {
      whole = shared_array<double>(places.domain(), {9, 7});
      if (leads) std::iota(whole.elements().begin(), whole.elements().end(), 1.0);
    }
    const auto x = scatter(whole, nodes, root, round_bytes);
    EXPECT_EQ(x.shape(), (array_shape{9, 7}));
    const auto mine = x.local().elements();
    for (std::size_t i = 0; i < mine.size(); ++i)
      ASSERT_EQ(mine[i], double(x.domain_rows().begin * 7 + i + 1));
    expect_counting(gather(x, 0, round_bytes), index == 0 ? array_shape{9, 7} : array_shape{});
  }
}

TEST_P(rows_over_nodes, are_in_proportion_to_the_ranks) {
  const distributed_array<float> x(nodes, {103, 2, 3});
  EXPECT_EQ(x.rows(), 206U);
  EXPECT_EQ(x.columns(), 3U);
  EXPECT_EQ(x.size(), 618U);
  EXPECT_EQ(x.local().shape(), (array_shape{x.domain_rows().size(), 3}));
  std::size_t rows = 0;
  for (std::size_t rank = 0; rank < std::size_t(places.domain().size()); ++rank) {
    rows += part_of(206, std::size_t(world.size()), nodes.first_rank_of(int(index)) + rank).size();
  }
  EXPECT_EQ(x.domain_rows().size(), rows);
}

TEST_P(rows_over_nodes, are_split_where_they_are) {
  auto x = counting({6, 2, 7});
  const auto twice = split_output([](const auto& rows) { return xt::xarray<double>(rows * 2.0); });
  distributed_array<double> y = twice(x);
  EXPECT_EQ(y.shape(), x.shape());
  EXPECT_EQ(y.first_rows(), x.first_rows());
  distributed_array<double>& same = twice(x, in_place);
  EXPECT_EQ(&same, &x);
  EXPECT_EQ(&twice(y, out(x)), &x);
  const auto all = all_gather(x, round_bytes);
  for (std::size_t i = 0; i < all.size(); ++i) ASSERT_EQ(all.elements()[i], 4.0 * double(i + 1));

  // Arguments that every rank has whole are cut at the rows of the whole array.
  std::vector<double> gains(12);
  std::iota(gains.begin(), gains.end(), 0.0);
  split_at<0, 1>([](auto& rows, const auto& gain) {
    for (std::size_t i = 0; i < rows.shape(0); ++i) {
      for (std::size_t j = 0; j < rows.shape(1); ++j) rows(i, j) = gain(i);
    }
  })(x, gains);
  const auto rows = all_gather(x, round_bytes);
  for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows.elements()[i], double(i / 7));

  distributed_array<double> sums =
      split_at([](const auto& part) { return xt::xarray<double>(xt::sum(part, {1})); })(x);
  EXPECT_EQ(sums.shape(), (array_shape{6, 2}));
  EXPECT_EQ(sums.first_rows(), x.first_rows());
  const auto parts = split_at([](const auto& part) { return part.shape(0); })(x);
  EXPECT_EQ(parts.size(), std::min<std::size_t>(12, std::size_t(world.size())));
  EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::size_t{0}), 12U);
}

TEST_P(rows_over_nodes, are_copied_to_an_array_that_every_domain_has_whole) {
  const auto x = counting({6, 2, 7});
  shared_array<double> whole(places.domain(), {6, 2, 7});
  split_at<0, 1>([](const auto& from, auto& to) { std::ranges::copy(from, to.begin()); })(x, whole);
  expect_counting(whole, {6, 2, 7});
}

TEST_P(rows_over_nodes, report_errors_with_their_number_in_the_whole) {
  const auto x = counting({std::size_t(world.size()) * 2, 3});
  const int thrower = world.size() - 1;
  const failure got = failure_of([&] {
    split_at([&](const auto&) {
      if (nodes.ranks().rank() == thrower) throw error(exit_code::bad_data, "dry");
    })(x);
  });
  const std::string rows =
      "dry (rows " + std::to_string(thrower * 2) + ":" + std::to_string(thrower * 2 + 2) + ", ";
  EXPECT_TRUE(got.sentence.starts_with(rows)) << got.sentence;
}

TEST_P(rows_over_nodes, cannot_be_split_inside_a_split) {
  auto x = counting({4, 3});
  const shared_array<double> local(places.domain(), {2, 2});
  const auto inner = split_at([](auto&) {});
  EXPECT_EQ(failure_of([&] { split_at([&](const auto&) { inner(x); })(local); }).code, exit_code::usage);
}

TEST_P(rows_over_nodes, of_plain_shared_arrays_add_up) {
  const communicator& domain = places.domain();
  shared_array<double> part(domain, {index + 1, 7});
  if (leads) std::ranges::fill(part.elements(), double(index));
  std::vector<std::size_t> order;  // domains by their first ranks
  for (int r = 0; r < world.size(); ++r) {
    const std::size_t d = world.broadcast(index, r);
    if (std::ranges::find(order, d) == order.end()) order.push_back(d);
  }
  const auto all = all_gather(part, world, round_bytes);
  ASSERT_EQ(all.shape(), (array_shape{domains * (domains + 1) / 2, 7}));
  std::size_t row = 0;
  for (const std::size_t d : order) {
    for (std::size_t i = 0; i <= d; ++i, ++row) ASSERT_EQ(all.row(row)[6], double(d));
  }
  const auto at_last = gather(part, world, world.size() - 1, round_bytes);
  EXPECT_EQ(at_last.size(), nodes.domain_of(world.size() - 1) == int(index) ? all.size() : 0U);

  const shared_array<double> ragged(domain, {1, index == 0 ? 2UL : 3UL});
  const failure got = failure_of([&] { gather(ragged, world); });
  EXPECT_EQ(got.code, domains > 1 ? exit_code::usage : exit_code::done);
}

TEST(rows_that_came_together, may_be_changed_where_they_came_from) {
  const topology places(communicator::world(), domain_choice::parse("2"));
  const all_nodes nodes(places);
  distributed_array<double> x(nodes, {64, 50'000});
  for (int step = 0; step < 4; ++step) {
    const index_range mine = x.local().own_rows();
    for (std::size_t i = mine.begin; i < mine.end; ++i) std::ranges::fill(x.local().row(i), double(step));
    const auto all = gather(x);
    const auto others =
        std::ranges::count_if(all.elements(), [&](double value) { return value != double(step); });
    EXPECT_EQ(others, 0) << "in step " << step;
  }
}

}  // namespace
