#include <gmock/gmock.h>

#include <weir/io/inspect.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

/// 1,600,000,000.25 s after 1970.
constexpr std::int64_t start_ns = 1'600'000'000'250'000'000;

recording inspect_made(const std::string& name) {
  return inspect((recordings() / name).string());
}

struct expected_layout {
  const char* file;
  const char* layout;
  const char* dataset;
  time_axis axis;
  sample_type type;
  double rate;
  std::int64_t start;
  const char* unit;
  const char* mark;     ///< in what it says of how it was recognised
  const char* spacing;  ///< of channels, in what it says
};

class das_layouts : public testing::TestWithParam<expected_layout> {};

TEST_P(das_layouts, are_recognised_by_their_marks) {
  const expected_layout& expected = GetParam();
  const recording what = inspect_made(expected.file);
  EXPECT_EQ(what.layout, expected.layout);
  EXPECT_EQ(what.dataset, expected.dataset);
  EXPECT_EQ(what.axis, expected.axis);
  EXPECT_EQ(what.type, expected.type);
  EXPECT_EQ(what.channels, pattern_channels);
  EXPECT_EQ(what.samples, pattern_samples);
  ASSERT_TRUE(what.sampling_rate);
  EXPECT_NEAR(*what.sampling_rate, expected.rate, 1e-6 * expected.rate);
  ASSERT_TRUE(what.start_ns);
  // A clock of doubles since 1970 tells a quarter of a microsecond.
  EXPECT_NEAR(static_cast<double>(*what.start_ns - expected.start), 0, 300);
  EXPECT_EQ(what.unit, expected.unit);
  EXPECT_THAT(what.warnings, IsEmpty());
  EXPECT_THAT(what.reasons, Contains(AllOf(HasSubstr(expected.layout), HasSubstr(expected.mark))));
  EXPECT_THAT(what.reasons, Contains(HasSubstr(expected.spacing)));
}

constexpr std::int64_t silixa_start_ns = 1'559'291'930'626'928'000;

INSTANTIATE_TEST_SUITE_P(
    all, das_layouts,
    testing::Values(expected_layout{"asn.h5", "asn", "/data", time_axis::first, sample_type::float32, 500,
                                    start_ns, "rad/m/s", "/header/dt", "1.02 m apart"},
                    expected_layout{"silixa.h5", "silixa", "/Acoustic", time_axis::first, sample_type::int16,
                                    1000, silixa_start_ns, "", "SamplingFrequency[Hz]", "1.02095 m apart"},
                    expected_layout{"apsensing.h5", "apsensing", "/DAS", time_axis::first, sample_type::int32,
                                    2000, start_ns, "", "/ProcessingServer/DataRate", "2.5 m apart"},
                    expected_layout{"terra15.h5", "terra15", "/data_product/data", time_axis::first,
                                    sample_type::float32, 1000, start_ns, "s-1", "sensing_range_start",
                                    "0.817 m apart"},
                    expected_layout{"gdr.h5", "gdr", "/DasRawData/RawData", time_axis::last,
                                    sample_type::float32, 250, start_ns, "strain rate", "DasTimeArray",
                                    "1.5 m apart"},
                    expected_layout{"das_rcn.h5", "das-rcn", "/traces", time_axis::first,
                                    sample_type::float32, 1000, start_ns, "m/m/s", "t0 and dt", "traces"}));

TEST(das_layouts, a_silixa_file_without_gps_has_the_computers_time) {
  EXPECT_EQ(inspect_made("silixa_without_gps.h5").start_ns, 1'559'291'931'000'000'000);
}

TEST(das_layouts, febus_is_refused_with_what_to_do) {
  const auto [code, sentence] = error_of([] { inspect_made("febus.h5"); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence,
              AllOf(HasSubstr("febus"), HasSubstr("/fa1-1234/Source1/Zone1"), HasSubstr("overlap")));
}

TEST(nwb_layout, finds_a_series_in_a_container_of_a_processing_module) {
  const recording what = inspect_made("nwb_lfp.h5");
  EXPECT_EQ(what.layout, "nwb");
  EXPECT_EQ(what.dataset, "/processing/ecephys/LFP/lfp/data");
  ASSERT_TRUE(what.sampling_rate);
  EXPECT_NEAR(*what.sampling_rate, 1250.0, 1e-6);
}

}  // namespace
}  // namespace weir::io::test
