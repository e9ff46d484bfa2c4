#include <gmock/gmock.h>

#include <weir/io/taps_dataset.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string taps(const std::string& name) {
  return (recordings() / "taps.h5").string() + ":" + name;
}

TEST(taps_dataset, is_told_from_a_file) {
  EXPECT_TRUE(names_a_dataset("filters.h5:/lowpass"));
  EXPECT_TRUE(names_a_dataset("/some/where/filters.h5:/a/b"));
  EXPECT_FALSE(names_a_dataset("taps.txt"));
  EXPECT_FALSE(names_a_dataset("filters.h5:"));
  EXPECT_FALSE(names_a_dataset("filters.h5:/"));
  EXPECT_FALSE(names_a_dataset(":/lowpass"));
}

TEST(taps_dataset, is_read_from_any_numeric_type) {
  EXPECT_THAT(read_taps_dataset(taps("/good")), ElementsAre(0.25, 0.5, 0.25));
  EXPECT_THAT(read_taps_dataset(taps("/integers")), ElementsAre(1.0, 2.0, -1.0));
}

TEST(taps_dataset, is_refused_with_a_reason) {
  const std::vector<std::pair<std::string, std::string>> reasons{
      {"/nan", "nan at index 1"}, {"/matrix", "2 dimensions"}, {"/empty", "is empty"},
      {"/words", "numbers"},      {"/group", "no dataset"},    {"/gone", "does not exist"},
  };
  for (const auto& [name, reason] : reasons) {
    const auto [code, sentence] = error_of([&] { read_taps_dataset(taps(name)); });
    EXPECT_EQ(code, exit_code::bad_data) << name;
    EXPECT_THAT(sentence, testing::AllOf(HasSubstr(reason), HasSubstr(name), HasSubstr("taps.h5")));
  }
  EXPECT_EQ(error_of([] { read_taps_dataset("gone.h5:/x"); }).first, exit_code::no_input);
  EXPECT_EQ(error_of([] { read_taps_dataset((recordings() / "text.h5").string() + ":/x"); }).first,
            exit_code::bad_data);
  EXPECT_EQ(error_of([] { read_taps_dataset("taps.txt"); }).first, exit_code::usage);
}

}  // namespace
}  // namespace weir::io::test
