#include <new>
#include <stdexcept>

#include <weir/mpi/host.hpp>

#include "split_fixture.hpp"

using namespace weir;

namespace {

INSTANTIATE_TEST_SUITE_P(domains, splits, testing::Values("node", "2", "1"), name_of_choice);

TEST_P(splits, throw_the_first_error_by_rank_on_all_ranks) {
  auto x = counting({16, 3});
  const std::size_t thrower = ranks / 2;
  const failure got = failure_of([&] {
    split_at([&](auto& rows) {
      if (rank >= thrower) throw error(exit_code::bad_data, "row of " + std::to_string(rank) + " is dry");
      rows *= 2.0;
    })(x);
  });
  const index_range rows = part_of(16, ranks, thrower);
  const std::string place = " (rows " + std::to_string(rows.begin) + ":" + std::to_string(rows.end) +
                            ", on rank " + std::to_string(world.rank() - int(rank) + int(thrower)) +
                            ", host " + host_name() + ")";
  EXPECT_EQ(got.code, exit_code::bad_data);
  EXPECT_EQ(got.sentence, "row of " + std::to_string(thrower) + " is dry" + place);

  // Parts that did not throw are done, and the next split works.
  for (std::size_t i = 0; i < 48; ++i) {
    ASSERT_EQ(x.elements()[i], double(i + 1) * (i / 3 < rows.begin ? 2.0 : 1.0));
  }
  EXPECT_EQ(split_at([](const auto&) { return 1; })(x).size(), busy(16));
}

TEST_P(splits, throw_what_is_no_error_of_weir) {
  const auto x = counting({8, 2});
  const failure foreign = failure_of([&] {
    split_at([](const auto& rows) {
      if (rows(0, 0) == 1.0) throw std::out_of_range("column 9");
    })(x);
  });
  EXPECT_EQ(foreign.code, exit_code::internal);
  EXPECT_NE(foreign.sentence.find("column 9 (rows 0:"), std::string::npos) << foreign.sentence;
  EXPECT_NE(
      failure_of([&] { split_at([](const auto&) { throw std::bad_alloc(); })(x); }).sentence.find("memory"),
      std::string::npos);
  EXPECT_NE(failure_of([&] { split_at([](const auto&) { throw 42; })(x); }).sentence.find("unknown type"),
            std::string::npos);
}

TEST_P(splits, leave_the_output_of_a_failed_call) {
  auto x = counting({ranks * 2, 3});
  const auto f = [&](const auto& rows) {
    if (rank == ranks - 1) throw error(exit_code::bad_data, "no more");
    return xt::xarray<double>(rows * 2.0);
  };
  const auto before = values_of(x);
  EXPECT_EQ(failure_of([&] { split_output(f)(x); }).code, exit_code::bad_data);
  EXPECT_EQ(values_of(x), before);
  EXPECT_EQ(failure_of([&] { split_output(f)(x, in_place); }).code, exit_code::bad_data);
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(x.elements()[i], before[i] * (i / 3 < (ranks - 1) * 2 ? 2.0 : 1.0));
  }
}

TEST_P(splits, name_the_rows_once_when_they_are_nested) {
  const auto x = counting({4, 2});
  const auto inner = split_at([](const auto&) { throw error(exit_code::bad_data, "deep"); });
  const failure got =
      failure_of([&] { split_at([&](const auto& rows) { inner(xt::xarray<double>(rows)); })(x); });
  EXPECT_TRUE(got.sentence.starts_with("deep (rows 0:")) << got.sentence;
  EXPECT_EQ(got.sentence.find("rows", 8), std::string::npos) << got.sentence;
}

TEST_P(splits, fail_again_and_again) {
  const auto x = counting({8, 2});
  for (std::size_t round = 0; round < 50; ++round) {
    const failure got = failure_of([&] {
      split_at([&](const auto&) {
        if (rank == round % busy(8)) throw error(exit_code::io_error, std::to_string(round));
      })(x);
    });
    ASSERT_TRUE(got.sentence.starts_with(std::to_string(round) + " (rows ")) << got.sentence;
  }
}

TEST_P(splits, notice_ranks_that_make_another_call) {
  if (ranks < 2) GTEST_SKIP() << "there is no other rank";
  auto x = counting({4, 2});
  const auto twice = split_output([](const auto& rows) { return xt::xarray<double>(rows * 2.0); });
  const serial other(rank == 1);
  const failure got = failure_of([&] { twice(x, in_place); });
  EXPECT_EQ(got.code, exit_code::usage);
  EXPECT_NE(got.sentence.find("the same call"), std::string::npos) << got.sentence;
  EXPECT_EQ(x.elements()[0], 1.0) << "nothing was done";
}

TEST_P(splits, notice_arguments_that_only_one_rank_has_wrong) {
  const auto x = counting({4, 2});
  const std::vector<int> gains(rank == ranks - 1 ? 3 : 4);
  EXPECT_EQ(failure_of([&] { split_at<0, 1>([](const auto&, const auto&) {})(x, gains); }).code,
            exit_code::usage);
}

}  // namespace
