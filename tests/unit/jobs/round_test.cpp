#include "../../../src/jobs/round.hpp"

#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

using namespace weir;
using weir::jobs::batch;
using weir::jobs::round;

namespace {

using input = std::pair<const batch*, std::size_t>;

/// Jobs that do nothing and take what they are told.
class planned : public batch {
 public:
  planned(std::size_t size, std::vector<std::vector<input>> inputs = {})
      : batch(size, {}), inputs_(std::move(inputs)) {}

  bool takes_results() const override { return !inputs_.empty(); }
  void visit_inputs(std::size_t i, const job_visitor& visit) const override {
    for (const auto& [of, index] : inputs_[i]) visit(*of, index);
  }
  void call(std::size_t, job_context&) override {}
  void write_value(std::size_t, byte_writer&) const override {}
  void read_value(std::size_t, byte_reader&) override {}
  void drop_value(std::size_t) override {}
  std::string input_text(std::size_t) const override { return {}; }
  void release_inputs() override {}

 private:
  std::vector<std::vector<input>> inputs_;
};

using batches = std::vector<std::shared_ptr<batch>>;

std::vector<std::vector<std::uint32_t>> units_of(const round& all) {
  std::vector<std::vector<std::uint32_t>> units(all.units());
  for (std::uint32_t unit = 0; unit < all.units(); ++unit) {
    all.for_each_job(unit, [&](std::uint32_t number) { units[unit].push_back(number); });
  }
  return units;
}
using units = std::vector<std::vector<std::uint32_t>>;

TEST(rounds, have_a_unit_for_each_independent_job) {
  const auto first = std::make_shared<planned>(2);
  const auto empty = std::make_shared<planned>(0);
  const auto second = std::make_shared<planned>(3);
  batches waiting{first, empty, second};
  const round all(waiting);
  EXPECT_TRUE(waiting.empty());
  EXPECT_EQ(units_of(all), (units{{0}, {1}, {2}, {3}, {4}}));
  EXPECT_EQ(all.at(1).of, first.get());
  EXPECT_EQ(all.at(1).index, 1U);
  EXPECT_EQ(all.at(2).of, second.get());
  EXPECT_EQ(all.at(4).index, 2U);
}

TEST(rounds, chain_jobs_to_the_one_whose_result_they_take) {
  const auto first = std::make_shared<planned>(2);
  const auto second = std::make_shared<planned>(
      3, std::vector<std::vector<input>>{{{first.get(), 1}}, {}, {{first.get(), 0}}});
  const auto third =
      std::make_shared<planned>(1, std::vector<std::vector<input>>{{{second.get(), 0}, {second.get(), 0}}});
  batches waiting{first, second, third};
  EXPECT_EQ(units_of(round(waiting)), (units{{0, 4}, {1, 2, 5}, {3}}));
  EXPECT_TRUE(waiting.empty());
}

TEST(rounds, end_before_a_job_that_joins_units_or_splits_one) {
  const auto first = std::make_shared<planned>(3);
  const auto join = std::make_shared<planned>(
      2, std::vector<std::vector<input>>{{{first.get(), 2}}, {{first.get(), 0}, {first.get(), 1}}});
  const auto after = std::make_shared<planned>(1);
  batches waiting{first, join, after};
  EXPECT_EQ(units_of(round(waiting)), (units{{0}, {1}, {2}}))
      << "no link is left of the batch that did not fit";
  EXPECT_EQ(waiting, (batches{join, after}));
  EXPECT_EQ(units_of(round(waiting)), (units{{0}, {1}, {2}})) << "results of earlier rounds do not bind";

  const auto root = std::make_shared<planned>(1);
  const auto two =
      std::make_shared<planned>(2, std::vector<std::vector<input>>{{{root.get(), 0}}, {{root.get(), 0}}});
  batches tree{root, two};
  EXPECT_EQ(units_of(round(tree)), (units{{0}}));
  EXPECT_EQ(units_of(round(tree)), (units{{0}, {1}}));
}

}  // namespace
