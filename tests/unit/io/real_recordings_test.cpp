#include <cstdlib>

#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/writer.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

struct real_recording {
  const char* name;
  const char* start_time;
  std::size_t channels;
  std::size_t samples;
  double rate;
  tile_shape chunk;
};

/// Two public recordings of fibre-optic sensing (DASDAE test data), as h5py describes them.
constexpr real_recording known[] = {
    {"prodml_2.0.h5", "1970-01-01T00:00:00.000000+00:00", 512, 2500, 200.0, {512, 1024}},
    {"iDAS005_hdf5_example.626.h5", "2019-05-31T08:38:50.626928+00:00", 1152, 1000, 1000.0, {1152, 1000}},
};

class real_recordings : public testing::TestWithParam<real_recording> {
 protected:
  void SetUp() override {
    const char* const folder = std::getenv("WEIR_TEST_DATA");
    path_ = std::filesystem::path(folder != nullptr ? folder : WEIR_TEST_DATA) / "das" / GetParam().name;
    if (!std::filesystem::exists(path_)) GTEST_SKIP() << "set WEIR_TEST_DATA to the folder that holds das/";
  }

  std::filesystem::path path_;
};

TEST_P(real_recordings, are_recognised) {
  const recording what = inspect(path_.string());
  EXPECT_EQ(what.layout, "prodml");
  EXPECT_EQ(what.dataset, "/Acquisition/Raw[0]/RawData");
  EXPECT_EQ(what.axis, time_axis::first);
  EXPECT_EQ(what.type, sample_type::int16);
  EXPECT_EQ(what.channels, GetParam().channels);
  EXPECT_EQ(what.samples, GetParam().samples);
  EXPECT_EQ(what.sampling_rate, GetParam().rate);
  EXPECT_EQ(what.start_time, GetParam().start_time);
  EXPECT_EQ(what.unit, "(nm/m)/s * Hz/m");
  EXPECT_EQ(natural_tiles(what), GetParam().chunk);
  EXPECT_TRUE(what.warnings.empty());
}

TEST_P(real_recordings, are_copied_in_odd_pieces_without_a_difference) {
  const scratch_folder folder;
  const recording source = inspect(path_.string());
  const std::string out = folder.file("out.h5");
  const created_output output = create_output(source, out, {});
  EXPECT_TRUE(output.warnings.empty());
  {
    reader in(source, 0);
    writer to(output.part);
    constexpr std::size_t step = 333;
    std::vector<std::int16_t> values(step * step);
    for (std::size_t c = 0; c < source.channels; c += step) {
      for (std::size_t s = 0; s < source.samples; s += step) {
        const index_range channels{c, std::min(source.channels, c + step)};
        const index_range samples{s, std::min(source.samples, s + step)};
        in.read(channels, samples, values.data(), step);
        to.write(channels, samples, values.data(), step);
      }
    }
    to.sync();
  }
  finish_output(output.part, out, {}, false);
  // An empty name for the dataset that may differ: this time none may.
  oracle({"tree", source.path, out, ""});
}

INSTANTIATE_TEST_SUITE_P(das, real_recordings, testing::ValuesIn(known), [](const auto& instance) {
  return instance.index == 0 ? "prodml_2_0" : "prodml_2_1";
});

}  // namespace
}  // namespace weir::io::test
