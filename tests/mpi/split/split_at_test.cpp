#include <array>
#include <cstdint>
#include <functional>
#include <numeric>
#include <tuple>

#include "split_fixture.hpp"

using namespace weir;

namespace {

INSTANTIATE_TEST_SUITE_P(domains, splits, testing::Values("node", "2", "1"), name_of_choice);

constexpr auto sum = [](const auto& rows) { return std::accumulate(rows.begin(), rows.end(), 0.0); };

TEST_P(splits, give_every_row_to_one_rank_in_order) {
  for (const std::size_t rows : {2, 3, 7, 16, 100}) {
    shared_array<double> x(domain, {rows, 5});
    split_at([](auto& part, int by) { part += by; })(x, 1);
    for (const double value : values_of(x)) ASSERT_EQ(value, 1.0);

    const auto lengths = split_at([](const auto& part) { return part.shape(0); })(x);
    ASSERT_EQ(lengths.size(), busy(rows));
    for (std::size_t part = 0; part < lengths.size(); ++part) {
      ASSERT_EQ(lengths[part], rows / ranks + (part < rows % ranks ? 1 : 0));
    }
  }
}

TEST_P(splits, cut_several_arguments_at_the_same_rows) {
  auto x = counting({3, 4, 5});
  const auto gains = counting<float>({3, 4});
  const std::vector<int> offsets{0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1100};
  const auto scale =
      split_at<0, 2, 3>([](auto& rows, double by, const auto& gain, std::span<const int> offset) {
        ASSERT_EQ(rows.dimension(), 2U);
        ASSERT_EQ(gain.shape(0), rows.shape(0));
        ASSERT_EQ(offset.size(), rows.shape(0));
        for (std::size_t i = 0; i < rows.shape(0); ++i) {
          for (std::size_t j = 0; j < rows.shape(1); ++j) rows(i, j) = rows(i, j) * by * gain(i) + offset[i];
        }
      });
  scale(x, 0.5, gains, offsets);
  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t row = i / 5;
    ASSERT_EQ(x.elements()[i], double(i + 1) * 0.5 * double(row + 1) + 100.0 * double(row));
  }
}

TEST_P(splits, store_what_is_assigned_to_rows) {
  auto x = counting({7, 3});
  auto y = counting({7, 3});
  split_at<0, 1>([](const rows_view<double>& from, rows_view<double>& to) { to = from; })(x, y);
  EXPECT_EQ(values_of(y), values_of(x));
  split_at<0, 1>([](const auto& from, auto& to) { to = from * 2.0; })(x, y);
  split_at<0, 1>([](const auto& from, auto& to) { to = from; })(std::as_const(y), x);
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(x.elements()[i], 2.0 * double(i + 1));
  domain.barrier();
  if (rank == 0) y.view() = x.view();
  y.synchronize();
  EXPECT_EQ(values_of(y), values_of(x));
}

TEST_P(splits, pass_shared_arrays_whole_without_a_copy) {
  const auto x = counting({6, 4});
  const auto table = counting({50});
  const double* const address = table.data();
  const auto same = split_at([address](const auto& rows, const auto& whole) {
    static_assert(std::is_const_v<std::remove_reference_t<decltype(whole(0))>>);
    return whole.data() == address && whole.size() == 50 && rows.shape(1) == 4;
  })(x, table);
  EXPECT_EQ(std::size_t(std::count(same.begin(), same.end(), true)), busy(6));
}

TEST_P(splits, reach_what_a_reference_wrapper_refers_to) {
  const auto x = counting({8, 2});
  double mine = 0;
  split_at([](const auto& rows, double& into) { into = sum(rows); })(x, std::ref(mine));
  EXPECT_EQ(domain.all_reduce(mine, reduction::sum), 16.0 * 17 / 2);
}

TEST_P(splits, join_arrays_whose_first_axes_add_up) {
  const auto x = counting<std::int16_t>({7, 3});
  // Every part gives its rows' first elements, twice each.
  const auto doubled = split_at([](std::span<const std::int16_t> elements) {
    std::vector<std::int16_t> firsts;
    for (std::size_t i = 0; i < elements.size(); i += 3) firsts.insert(firsts.end(), 2, elements[i]);
    return firsts;
  })(x);
  EXPECT_EQ(doubled.shape(), (array_shape{14}));
  EXPECT_EQ(values_of(doubled),
            (std::vector<std::int16_t>{1, 1, 4, 4, 7, 7, 10, 10, 13, 13, 16, 16, 19, 19}));
}

TEST_P(splits, give_the_leading_axes_back) {
  const auto x = counting({2, 3, 4});
  const auto pairs = split_at([](const auto& rows) -> xt::xarray<double> {
    return xt::view(rows, xt::all(), xt::range(0, 2)) * 2.0;
  })(x);
  EXPECT_EQ(pairs.shape(), (array_shape{2, 3, 2}));
  EXPECT_EQ(values_of(pairs), (std::vector<double>{2, 4, 10, 12, 18, 20, 26, 28, 34, 36, 42, 44}));

  const auto sums = split_at([](const auto& rows) { return xt::xarray<double>(xt::sum(rows, {1})); })(x);
  EXPECT_EQ(sums.shape(), (array_shape{2, 3}));
  EXPECT_EQ(values_of(sums), (std::vector<double>{10, 26, 42, 58, 74, 90}));
}

TEST_P(splits, join_the_outputs_of_a_tuple) {
  const auto x = counting({6, 2});
  const auto f = [](const auto& rows) {
    return std::tuple(xt::xarray<double>(rows + 0.5), sum(rows),
                      std::string("first row ") + std::to_string(rows(0, 0)));
  };
  const auto [all, total, text] = split_at<0>(f, splice_at<0, 1>)(x);
  EXPECT_EQ(all.shape(), (array_shape{6, 2}));
  EXPECT_EQ(all.elements()[11], 12.5);
  EXPECT_EQ(total.size(), busy(6));
  EXPECT_EQ(std::accumulate(total.begin(), total.end(), 0.0), 78.0);
  EXPECT_EQ(text, "first row 1.000000");

  // Outputs that are not spliced are the first part's.
  const auto [first, all_totals, words] = split_at<0>(f, splice_at<1>)(x);
  const std::size_t first_rows = part_of(6, ranks, 0).size();
  EXPECT_EQ(first.size(), first_rows * 2);
  EXPECT_EQ(first.elements()[0], 1.5);
  EXPECT_EQ(all_totals, total);
  EXPECT_EQ(words, text);

  const auto [a, b] =
      split_at([](const auto& rows) { return std::pair(rows.shape(0), std::array{rows(0, 0)}); })(x);
  EXPECT_EQ(std::accumulate(a.begin(), a.end(), std::size_t{0}), 6U);
  EXPECT_EQ(b.shape(), (array_shape{busy(6)}));
  EXPECT_EQ(b.elements()[0], 1.0);
}

TEST_P(splits, work_without_rows) {
  for (const array_shape& shape : {array_shape{0, 10}, array_shape{3, 0, 10}, array_shape{0, 0}}) {
    shared_array<double> none(domain, shape);
    int calls = 0;
    const auto copy = split_at([&](const auto& rows) {
      ++calls;
      EXPECT_EQ(rows.shape(0), 0U);
      return xt::xarray<double>(rows * 2.0);
    })(none);
    EXPECT_EQ(copy.shape(), shape);
    EXPECT_EQ(calls, rank == 0 ? 1 : 0);
    EXPECT_EQ(split_at(sum)(none), std::vector<double>{0.0});
  }
}

TEST_P(splits, run_serially_what_has_no_rows_to_share) {
  auto line = counting({9});
  const auto whole = split_at([](auto& elements) {
    elements *= 2.0;
    return elements.size();
  });
  EXPECT_EQ(whole.plan(line).way, split_way::one_axis);
  EXPECT_EQ(whole(line), std::vector<std::size_t>{9});
  EXPECT_EQ(line.elements()[8], 18.0);

  auto row = counting({1, 9});
  EXPECT_EQ(whole.plan(row).way, split_way::few_rows);
  EXPECT_EQ(whole(row), std::vector<std::size_t>{9});
}

TEST_P(splits, run_serially_below_split_over) {
  const auto x = counting({4, 8});  // 256 bytes
  const auto parts = [](const auto&) { return 1; };
  const auto small = split_at(parts, {.split_over = 257});
  EXPECT_EQ(small.plan(x).way, split_way::below_split_over);
  EXPECT_EQ(small(x).size(), 1U);
  const auto large = split_at(parts, {.split_over = 256});
  EXPECT_EQ(large.plan(x).way, split_way::parallel);
  EXPECT_EQ(large(x).size(), busy(4));
}

TEST_P(splits, tell_their_plan_without_work) {
  shared_array<double> x(domain, {5, 2, 3});
  int calls = 0;
  const auto counted = split_at<0, 1>([&](const auto&, const auto&) { ++calls; });
  const split_plan plan = counted.plan(x, std::vector<int>(10));
  EXPECT_TRUE(plan.is_parallel());
  EXPECT_EQ(plan.rows, 10U);
  EXPECT_EQ(plan.parts, ranks);
  EXPECT_EQ(plan.busy_parts(), busy(10));
  EXPECT_EQ(plan.rows_of(ranks - 1).end, 10U);
  EXPECT_EQ(calls, 0);
}

TEST_P(splits, refuse_arguments_that_do_not_fit_before_any_work) {
  auto x = counting({6, 4});
  const auto five = counting({5, 4});
  int calls = 0;
  const auto both = split_at<0, 1>([&](auto&, const auto&) { ++calls; });
  const failure unequal = failure_of([&] { both(x, five); });
  EXPECT_EQ(unequal.code, exit_code::usage);
  EXPECT_NE(unequal.sentence.find("(5, 4)"), std::string::npos) << unequal.sentence;
  EXPECT_NE(unequal.sentence.find("(6, 4)"), std::string::npos) << unequal.sentence;

  const auto line = counting({3});
  const auto longer = counting({4});
  EXPECT_EQ(
      failure_of([&] { split_at<0, 1>([&](const auto&, const auto&) { ++calls; })(line, longer); }).code,
      exit_code::usage);
  shared_array<double> nothing;
  EXPECT_EQ(failure_of([&] { split_at([&](auto&) { ++calls; })(nothing); }).code, exit_code::usage);
  EXPECT_EQ(calls, 0);
  both(x, counting({6}));
  EXPECT_EQ(calls, rank < busy(6) ? 1 : 0);
}

TEST_P(splits, refuse_results_that_cannot_be_joined) {
  if (ranks < 2) GTEST_SKIP() << "one part always fits";
  const auto x = counting({8, 4});
  const failure ragged = failure_of([&] {
    split_at([&](const auto& rows) -> xt::xarray<double> {
      return xt::view(rows, xt::all(), xt::range(0, rank == ranks - 1 ? 2 : 3));
    })(x);
  });
  EXPECT_EQ(ragged.code, exit_code::usage);
  EXPECT_NE(ragged.sentence.find("first axis"), std::string::npos) << ragged.sentence;
}

TEST_P(splits, call_the_plain_function_inside_one_another) {
  const auto x = counting({9, 4});
  const auto inner = split_at([](const auto& rows) { return xt::xarray<double>(rows * 10.0); });
  const auto outer = split_at([&](const auto& rows) {
    const xt::xarray<double> own = rows;
    EXPECT_EQ(inner.plan(own).way, split_way::alone);
    const shared_array<double> tens = inner(own);
    EXPECT_EQ(tens.domain().size(), 1);
    return xt::xarray<double>(tens.view() + 1.0);
  });
  const auto y = outer(x);
  for (std::size_t i = 0; i < 36; ++i) ASSERT_EQ(y.elements()[i], 10.0 * double(i + 1) + 1);
  EXPECT_TRUE(inner.plan(x).is_parallel());
}

TEST_P(splits, read_arrays_that_every_rank_has_for_itself) {
  const xt::xarray<double> own = xt::arange<double>(12).reshape({4, 3});
  const auto twice = split_at([](const auto& rows) { return xt::xarray<double>(rows * 2.0); });
  const auto y = twice.over(domain)(own);
  EXPECT_EQ(y.view(), own * 2.0);
  EXPECT_EQ(failure_of([&] { twice(own); }).code, exit_code::usage) << "no domain is known";
  const auto lower = twice.over(domain)(xt::view(own, xt::range(1, 3), xt::all()));
  EXPECT_EQ(lower.view(), xt::view(own, xt::range(1, 3), xt::all()) * 2.0);
}

}  // namespace
