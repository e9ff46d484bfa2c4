#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

#include "attributes.hpp"
#include "synth_layouts.hpp"

namespace weir::io {

namespace {

constexpr std::int64_t microseconds = 1'000'000;

std::int64_t time_of(std::size_t sample_index, double rate) {
  return synthetic_start_us +
         std::llround(static_cast<double>(sample_index) * static_cast<double>(microseconds) / rate);
}

std::string iso_time(std::int64_t us) {
  const std::time_t seconds = us / microseconds;
  std::tm fields{};
  ::gmtime_r(&seconds, &fields);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &fields);
  return fmt::format("{}.{:06}+00:00", text.data(), us % microseconds);
}

void write_times(hid_t file, const recording& what, const std::string& end) {
  constexpr hsize_t block = hsize_t{1} << 16;
  const hsize_t length = what.samples;
  const h5::dataspace space(H5Screate_simple(1, &length, nullptr));
  const h5::properties created = h5::make_properties(H5P_DATASET_CREATE);
  H5Pset_obj_track_times(created.get(), false);
  const h5::dataset times(h5::check(H5Dcreate2(file, "/Acquisition/Raw[0]/RawDataTime", H5T_STD_I64LE,
                                               space.get(), H5P_DEFAULT, created.get(), H5P_DEFAULT),
                                    "cannot create RawDataTime"));
  std::vector<std::int64_t> values(std::min(length, block));
  for (hsize_t begin = 0; begin < length; begin += block) {
    const hsize_t count = std::min(block, length - begin);
    for (hsize_t i = 0; i < count; ++i) values[i] = time_of(begin + i, *what.sampling_rate);
    const h5::dataspace in_memory(H5Screate_simple(1, &count, nullptr));
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &begin, nullptr, &count, nullptr);
    h5::check(
        H5Dwrite(times.get(), H5T_NATIVE_INT64, in_memory.get(), space.get(), H5P_DEFAULT, values.data()),
        "cannot write RawDataTime");
  }
  h5::set_attribute(times.get(), "Count", static_cast<std::int64_t>(what.samples));
  h5::set_attribute(times.get(), "StartIndex", std::int64_t{0});
  h5::set_attribute(times.get(), "PartStartTime", std::string(synthetic_start));
  h5::set_attribute(times.get(), "PartEndTime", end);
}

void furnish(hid_t file, hid_t samples, const recording& what) {
  link_samples(file, samples, what);
  const auto loci = static_cast<std::int64_t>(what.channels);
  const std::string end = iso_time(time_of(what.samples - 1, *what.sampling_rate));

  const h5::object acquisition(
      h5::check(H5Oopen(file, "/Acquisition", H5P_DEFAULT), "cannot open /Acquisition"));
  h5::set_attribute(acquisition.get(), "schemaVersion", std::string("2.1"));
  h5::set_attribute(acquisition.get(), "MeasurementStartTime", std::string(synthetic_start));
  h5::set_attribute(acquisition.get(), "NumberOfLoci", loci);
  h5::set_attribute(acquisition.get(), "StartLocusIndex", std::int64_t{0});
  h5::set_attribute(acquisition.get(), "PulseRate", 4.0 * *what.sampling_rate);
  h5::set_attribute(acquisition.get(), "PulseRate.uom", std::string("Hz"));
  h5::set_attribute(acquisition.get(), "SpatialSamplingInterval", 1.0);
  h5::set_attribute(acquisition.get(), "SpatialSamplingInterval.uom", std::string("m"));

  const h5::object raw(h5::check(H5Oopen(file, "/Acquisition/Raw[0]", H5P_DEFAULT), "cannot open Raw[0]"));
  h5::set_attribute(raw.get(), "OutputDataRate", *what.sampling_rate);
  h5::set_attribute(raw.get(), "OutputDataRate.uom", std::string("Hz"));
  h5::set_attribute(raw.get(), "NumberOfLoci", loci);
  h5::set_attribute(raw.get(), "StartLocusIndex", std::int64_t{0});
  h5::set_attribute(raw.get(), "RawDataUnit", what.unit);
  h5::set_attribute(raw.get(), "RawDescription", std::string("synthetic"));

  const bool time_first = what.axis == time_axis::first;
  h5::set_attribute(
      samples, "Dimensions",
      time_first ? std::vector<std::string>{"time", "locus"} : std::vector<std::string>{"locus", "time"});
  h5::set_attribute(samples, "Count", static_cast<std::int64_t>(what.samples) * loci);
  h5::set_attribute(samples, "StartIndex", std::int64_t{0});
  h5::set_attribute(samples, "PartStartTime", std::string(synthetic_start));
  h5::set_attribute(samples, "PartEndTime", end);
  write_times(file, what, end);
}

}  // namespace

const synth_layout synth_prodml{"prodml", "/Acquisition/Raw[0]/RawData", std::nullopt, furnish};

}  // namespace weir::io
