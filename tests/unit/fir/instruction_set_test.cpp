#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/fir/instruction_set.hpp>
#include <weir/fir/row_filter.hpp>

namespace weir::fir {
namespace {

class instruction_sets : public testing::Test {
 protected:
  void TearDown() override { unsetenv("WEIR_INSTRUCTION_SET"); }
};

TEST_F(instruction_sets, baseline_is_always_there_and_the_best_is_the_largest) {
  unsetenv("WEIR_INSTRUCTION_SET");
  const auto sets = available_instruction_sets();
  ASSERT_FALSE(sets.empty());
  EXPECT_EQ(sets.front(), instruction_set::baseline);
  EXPECT_EQ(best_instruction_set(), sets.back());
}

TEST_F(instruction_sets, the_environment_chooses_among_the_available_ones) {
  for (const instruction_set set : available_instruction_sets()) {
    setenv("WEIR_INSTRUCTION_SET", std::string(name_of(set)).c_str(), 1);
    EXPECT_EQ(best_instruction_set(), set);
    EXPECT_EQ(row_filter<float>({{1.0}, 0}).instructions(), set);
  }
}

TEST_F(instruction_sets, what_this_machine_has_not_is_a_usage_error) {
  setenv("WEIR_INSTRUCTION_SET", "mmx", 1);
  try {
    best_instruction_set();
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::usage);
    EXPECT_NE(std::string(e.what()).find("baseline"), std::string::npos) << "the choice is named";
  }
  const instruction_set foreign =
      is_available(instruction_set::neon) ? instruction_set::avx2 : instruction_set::neon;
  EXPECT_THROW(row_filter<double>({{1.0}, 0}, method::automatic, foreign), error);
}

}  // namespace
}  // namespace weir::fir
