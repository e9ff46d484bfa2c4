#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>

#include "support.hpp"

/// The sampling rate that the user says, in copies of files that say another or none.
namespace weir::io::test {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr double said_rate = 640;

recording said_of(const std::string& name, double rate = said_rate) {
  overrides said;
  said.sampling_rate = rate;
  return inspect((recordings() / name).string(), said);
}

/// What the copy's own file says of it.
recording copied(const recording& source, const derivation& how, std::vector<std::string>& warnings) {
  const scratch_folder folder;
  output_options options;
  options.from_source = how;
  const created_output made = create_output(source, folder.file("out.h5"), options);
  warnings = made.warnings;
  return inspect(made.part.path);
}

class said_rates : public testing::TestWithParam<const char*> {};

TEST_P(said_rates, are_what_the_copy_says) {
  const recording source = said_of(GetParam());
  ASSERT_TRUE(source.rate_is_said);
  EXPECT_EQ(nlohmann::json(source).get<recording>(), source);
  derivation half;
  half.rate = {1, 2};
  derivation span;
  span.samples = index_range{100, 300};
  for (const auto& [how, rate] :
       {std::pair(derivation{}, said_rate), std::pair(half, said_rate / 2), std::pair(span, said_rate)}) {
    std::vector<std::string> warnings;
    const recording copy = copied(source, how, warnings);
    ASSERT_TRUE(copy.sampling_rate);
    EXPECT_NEAR(*copy.sampling_rate, rate, 1e-5 * rate);
    EXPECT_THAT(warnings, Each(Not(HasSubstr("Hz"))));
    EXPECT_THAT(copy.warnings, Each(Not(HasSubstr("Hz"))));
    if (source.start_ns && !how.samples) {
      ASSERT_TRUE(copy.start_ns);
      EXPECT_NEAR(static_cast<double>(*copy.start_ns - *source.start_ns), 0, 300);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(all, said_rates,
                         testing::Values("int16_0_chunked.h5", "float64_1_contiguous.h5", "nwb.h5",
                                         "nwb_regions.h5", "nwb_lfp.h5", "one_dimension.h5",
                                         "checked_gzip.h5", "prodml.h5", "asn.h5", "silixa.h5",
                                         "apsensing.h5", "terra15.h5", "gdr.h5", "das_rcn.h5"));

TEST(said_rate, is_no_news_where_the_file_says_it) {
  const double rate = *inspect((recordings() / "prodml.h5").string()).sampling_rate;
  EXPECT_FALSE(said_of("prodml.h5", rate).rate_is_said);
}

TEST(said_rate, is_missed_where_the_file_has_no_place_for_it) {
  // Its times have gaps, and are left as they are.
  std::vector<std::string> warnings;
  copied(said_of("nwb_gap.h5"), {}, warnings);
  EXPECT_THAT(warnings, testing::Contains(HasSubstr("640 Hz")));
}

}  // namespace
}  // namespace weir::io::test
