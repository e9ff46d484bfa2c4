#include <cstdlib>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

#include <weir/io/inspect.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

recording inspect_made(const std::string& name, const overrides& said = {}) {
  return inspect((recordings() / name).string(), said);
}

overrides with_dataset(const std::string& path) {
  overrides said;
  said.dataset = path;
  return said;
}

TEST(inspect, knows_prodml) {
  const recording what = inspect_made("prodml.h5");
  EXPECT_EQ(what.layout, "prodml");
  EXPECT_EQ(what.dataset, "/Acquisition/Raw[0]/RawData");
  EXPECT_EQ(what.axis, time_axis::first);
  EXPECT_EQ(what.channels, pattern_channels);
  EXPECT_EQ(what.samples, pattern_samples);
  EXPECT_EQ(what.sampling_rate, 200.0) << "OutputDataRate, not PulseRate";
  EXPECT_EQ(what.unit, "rad");
  EXPECT_EQ(what.start_time, "2024-05-01T00:00:00.000000+00:00");
  EXPECT_THAT(what.warnings, IsEmpty());
  EXPECT_THAT(what.reasons, Contains(HasSubstr("time,locus")));
}

TEST(inspect, reads_prodml_axes_from_dimensions) {
  for (const char* name : {"prodml_turned.h5", "prodml_joined.h5"}) {
    const recording what = inspect_made(name);
    EXPECT_EQ(what.axis, time_axis::last) << name;
    EXPECT_EQ(what.channels, pattern_channels) << name;
  }
}

TEST(inspect, warns_of_gaps_in_prodml_times) {
  EXPECT_THAT(inspect_made("prodml_turned.h5").warnings,
              ElementsAre(AllOf(HasSubstr("RawDataTime"), HasSubstr("not evenly spaced"))));
}

TEST(inspect, lists_several_raw_groups) {
  const auto [code, sentence] = error_of([] { inspect_made("prodml_two.h5"); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence, AllOf(HasSubstr("--dataset"), HasSubstr("Raw[0]"), HasSubstr("Raw[1]")));
  EXPECT_EQ(inspect_made("prodml_two.h5", with_dataset("/Acquisition/Raw[1]")).dataset,
            "/Acquisition/Raw[1]/RawData")
      << "the group is name enough";
}

TEST(inspect, knows_nwb) {
  const recording what = inspect_made("nwb.h5");
  EXPECT_EQ(what.layout, "nwb");
  EXPECT_EQ(what.dataset, "/acquisition/probe/data");
  EXPECT_EQ(what.axis, time_axis::first);
  EXPECT_EQ(what.sampling_rate, 1000.0);
  EXPECT_EQ(what.scale, 0.25);
  EXPECT_EQ(what.offset, -1.5);
  EXPECT_EQ(what.unit, "volts");
  EXPECT_EQ(what.start_time, "2024-01-01T00:00:00+00:00");
  EXPECT_EQ(what.start_offset, 2.5);
}

TEST(inspect, takes_the_rate_of_nwb_from_even_timestamps) {
  const recording what = inspect_made("nwb_regions.h5");
  ASSERT_TRUE(what.sampling_rate);
  EXPECT_NEAR(*what.sampling_rate, 30000.0, 1e-3);
  EXPECT_EQ(what.start_offset, 100.0);
}

TEST(inspect, states_no_rate_where_nwb_timestamps_have_a_gap) {
  const recording what = inspect_made("nwb_gap.h5");
  EXPECT_FALSE(what.sampling_rate);
  EXPECT_THAT(what.warnings, ElementsAre(HasSubstr("/acquisition/ap/timestamps is not evenly spaced")));
}

TEST(inspect, lists_several_series) {
  const auto [code, sentence] = error_of([] { inspect_made("nwb_two.h5"); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence, AllOf(HasSubstr("/acquisition/ap/data"), HasSubstr("/acquisition/lfp/data")));
  EXPECT_EQ(inspect_made("nwb_two.h5", with_dataset("acquisition/lfp")).layout, "nwb");
}

TEST(inspect, finds_what_a_plain_file_says) {
  const recording trace = inspect_made("one_dimension.h5");
  EXPECT_EQ(trace.layout, "generic");
  EXPECT_EQ(trace.dataset, "/trace");
  EXPECT_EQ(trace.dimensions, 1);
  EXPECT_EQ(trace.channels, 1U);
  EXPECT_EQ(trace.samples, pattern_samples);
  EXPECT_EQ(trace.sampling_rate, 250.0) << "a text attribute of the root, in other letters";

  const recording labelled = inspect_made("labelled.h5");
  EXPECT_EQ(labelled.axis, time_axis::last) << "labels win over lengths";
  EXPECT_EQ(labelled.channels, 40U);
  EXPECT_EQ(labelled.scale, 0.5);
  EXPECT_EQ(labelled.offset, 3.0);
  EXPECT_EQ(labelled.unit, "uV");

  EXPECT_THAT(inspect_made("square.h5").warnings, ElementsAre(HasSubstr("--time-axis")));
}

TEST(inspect, lets_the_user_override) {
  overrides said;
  said.sampling_rate = 44.5;
  EXPECT_EQ(inspect_made("prodml.h5", said).sampling_rate, 44.5);
  said.axis = time_axis::last;
  EXPECT_EQ(inspect_made("prodml.h5", said).channels, pattern_samples);
  EXPECT_EQ(inspect_made("several.h5", with_dataset("/deep/right")).type, sample_type::float64);
  said.sampling_rate = 0.0;
  EXPECT_EQ(error_of([&] { inspect_made("prodml.h5", said); }).first, exit_code::usage);
}

TEST(inspect, does_not_use_a_rate_that_cannot_be) {
  const recording what = inspect_made("bad_rate.h5");
  EXPECT_FALSE(what.sampling_rate);
  EXPECT_THAT(what.warnings, ElementsAre(HasSubstr("-1")));
}

struct refusal {
  const char* file;
  exit_code code;
  std::vector<std::string> says;
};

TEST(inspect, refuses_with_a_sentence) {
  const std::vector<refusal> refusals{
      {"no-such-file.h5", exit_code::no_input, {"No such file"}},
      {"", exit_code::no_input, {"folder"}},
      {"text.h5", exit_code::bad_data, {"not an HDF5 file"}},
      {"truncated.h5", exit_code::bad_data, {"cut short"}},
      {"several.h5", exit_code::bad_data, {"2 datasets", "/left", "/deep/right", "--dataset"}},
      {"none.h5", exit_code::bad_data, {"no dataset", "--dataset"}},
      {"bytes.h5", exit_code::bad_data, {"uint8", "int16, uint16, int32, float32 and float64"}},
      {"long.h5", exit_code::bad_data, {"int64"}},
      {"half.h5", exit_code::bad_data, {"float16"}},
      {"no_samples.h5", exit_code::bad_data, {"empty", "3 x 0"}},
      {"odd_filter.h5", exit_code::bad_data, {"32000", "HDF5_PLUGIN_PATH"}},
      {"virtual_missing.h5", exit_code::bad_data, {"gone.h5"}},
  };
  for (const refusal& expected : refusals) {
    const auto [code, sentence] = error_of([&] { inspect_made(expected.file); });
    EXPECT_EQ(code, expected.code) << expected.file;
    for (const std::string& part : expected.says) EXPECT_THAT(sentence, HasSubstr(part)) << expected.file;
    EXPECT_THAT(sentence, HasSubstr(expected.file));
  }
}

TEST(inspect, refuses_a_dataset_that_is_not_there_and_lists_those_that_are) {
  const auto [code, sentence] = error_of([] { inspect_made("several.h5", with_dataset("/middle")); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence, AllOf(HasSubstr("/middle"), HasSubstr("/left"), HasSubstr("/deep/right")));
  const auto cube = error_of([] { inspect_made("none.h5", with_dataset("/cube")); });
  EXPECT_EQ(cube.first, exit_code::bad_data);
  EXPECT_THAT(cube.second, HasSubstr("3 dimensions"));
}

TEST(inspect, gives_the_hint_on_locks) {
  const scratch_folder folder;
  const std::string path = folder.file("locked.h5");
  std::filesystem::copy_file(recordings() / "int16_1_contiguous.h5", path);
  const int holder = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(holder, LOCK_EX), 0);
  const auto [code, sentence] = error_of([&] { inspect(path); });
  ::close(holder);
  EXPECT_EQ(code, exit_code::no_input);
  EXPECT_THAT(sentence, HasSubstr("HDF5_USE_FILE_LOCKING=FALSE"));
}

TEST(recording, goes_through_json_unchanged) {
  for (const char* name : {"nwb.h5", "prodml_turned.h5", "float32_0_gzip.h5", "one_dimension_chunked.h5"}) {
    recording what = inspect_made(name);
    EXPECT_EQ(nlohmann::json::parse(nlohmann::json(what).dump()).get<recording>(), what) << name;
    what.store.where = placement{4096, 8192};
    what.sampling_rate.reset();
    EXPECT_EQ(nlohmann::json::parse(nlohmann::json(what).dump()).get<recording>(), what) << name;
  }
}

}  // namespace
}  // namespace weir::io::test
