#include <cmath>
#include <cstring>

#include <gmock/gmock.h>

#include <weir/io/inspect.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/synth.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr double pi = 3.14159265358979323846;
constexpr double rate = 1000.0;

std::vector<double> row_of(const synthetic_signal& signal, std::size_t channel, std::size_t samples) {
  std::vector<double> row(samples);
  signal.fill({channel, channel + 1}, {0, samples}, row.data(), samples);
  return row;
}

/// Amplitude of a sine of this frequency in a row of whole periods.
double amplitude_at(const std::vector<double>& row, double hertz) {
  double in_phase = 0.0;
  double across = 0.0;
  for (std::size_t s = 0; s < row.size(); ++s) {
    const double angle = 2.0 * pi * hertz * static_cast<double>(s) / rate;
    in_phase += row[s] * std::sin(angle);
    across += row[s] * std::cos(angle);
  }
  return 2.0 * std::hypot(in_phase, across) / static_cast<double>(row.size());
}

TEST(synthetic_signal, has_what_it_is_said_to_have) {
  constexpr std::size_t samples = 100'000;
  const std::vector<double> row = row_of(synthetic_signal(1, rate), 3, samples);
  EXPECT_NEAR(amplitude_at(row, 7.0), 0.6, 0.02);
  EXPECT_NEAR(amplitude_at(row, 11.0), 0.4, 0.02);
  EXPECT_NEAR(amplitude_at(row, 43.0), 0.15, 0.02);
  EXPECT_NEAR(amplitude_at(row, 50.0), 0.25, 0.02);
  EXPECT_NEAR(amplitude_at(row, 150.0), 0.08, 0.02);
  EXPECT_NEAR(amplitude_at(row, 0.07), 1.0, 0.02);
  EXPECT_LT(amplitude_at(row, 333.0), 0.02);
  for (const double value : row) ASSERT_LE(std::abs(value), 8.0);
}

TEST(synthetic_signal, has_noise_that_is_white_and_differs_everywhere) {
  // Two seeds share all but noise and events; before the first event only the noise is left.
  constexpr std::size_t quiet = 1000;
  double sum = 0.0;
  double squares = 0.0;
  double neighbours = 0.0;
  std::size_t count = 0;
  for (std::size_t channel = 0; channel < 50; ++channel) {
    const std::vector<double> one = row_of(synthetic_signal(1, rate), channel, quiet);
    const std::vector<double> other = row_of(synthetic_signal(2, rate), channel, quiet);
    for (std::size_t s = 1; s < quiet; ++s) {
      const double here = one[s] - other[s];
      sum += here;
      squares += here * here;
      neighbours += here * (one[s - 1] - other[s - 1]);
      ++count;
    }
  }
  const double variance = squares / static_cast<double>(count);
  EXPECT_NEAR(std::sqrt(variance), 0.3 * std::sqrt(2.0), 0.01);
  EXPECT_NEAR(sum / static_cast<double>(count), 0.0, 0.01);
  EXPECT_NEAR(neighbours / static_cast<double>(count) / variance, 0.0, 0.02);
}

TEST(synthetic_signal, has_events_that_travel) {
  // The events of a seed lie beyond noise; their first arrival differs between near and far channels.
  const synthetic_signal with(5, rate);
  std::vector<std::size_t> arrivals;
  for (std::size_t channel = 0; channel < 128; ++channel) {
    const std::vector<double> row = row_of(with, channel, 4000);
    const std::vector<double> quiet_row = row_of(with, channel, 1000);
    double largest = 0.0;
    std::size_t at = 0;
    for (std::size_t s = 1000; s < 2500; ++s) {
      if (std::abs(row[s]) > largest) {
        largest = std::abs(row[s]);
        at = s;
      }
    }
    arrivals.push_back(at);
  }
  const auto [first, last] = std::minmax_element(arrivals.begin(), arrivals.end());
  EXPECT_GT(*last - *first, 200U);
}

TEST(synthetic_signal, is_the_same_in_any_rectangle) {
  const synthetic_signal signal(7, rate);
  std::vector<float> whole(20 * 500);
  signal.fill({0, 20}, {0, 500}, whole.data(), 500);
  std::vector<float> part(7 * 64);
  signal.fill({5, 12}, {123, 180}, part.data(), 64);
  for (std::size_t c = 0; c < 7; ++c) {
    EXPECT_EQ(std::memcmp(&part[c * 64], &whole[(5 + c) * 500 + 123], 57 * sizeof(float)), 0);
  }
}

template <class S>
void expect_counts(std::size_t channel, std::size_t s) {
  const synthetic_signal signal(3, rate);
  const sample_type type = sample_type_of<S>();
  S count{};
  signal.fill({channel, channel + 1}, {s, s + 1}, &count, 1);
  const double back = static_cast<double>(count) * synthetic_scale(type) + synthetic_offset(type);
  EXPECT_NEAR(back, signal.value(channel, s), 0.5000001 * synthetic_scale(type));
}

TEST(synthetic_signal, is_stored_in_counts) {
  for (std::size_t s = 0; s < 3000; s += 7) {
    expect_counts<std::int16_t>(s % 50, s);
    expect_counts<std::uint16_t>(s % 50, s);
    expect_counts<std::int32_t>(s % 50, s);
  }
  EXPECT_EQ(synthetic_offset(sample_type::uint16) / synthetic_scale(sample_type::uint16), -32768.0);
}

struct synth_case {
  const char* layout;
  time_axis axis;
  sample_type type;
  std::optional<tile_shape> chunk;
  std::optional<int> gzip_level;
};

TEST(create_synthetic, makes_files_of_every_layout) {
  const scratch_folder folder;
  const std::vector<synth_case> cases{
      {"generic", time_axis::last, sample_type::float64, std::nullopt, std::nullopt},
      {"generic", time_axis::first, sample_type::uint16, tile_shape{7, 600}, std::nullopt},
      {"generic", time_axis::first, sample_type::float32, std::nullopt, 3},
      {"generic", time_axis::last, sample_type::int32, tile_shape{30, 100}, 1},
      {"prodml", time_axis::first, sample_type::int16, tile_shape{30, 1000}, std::nullopt},
      {"prodml", time_axis::last, sample_type::int16, std::nullopt, std::nullopt},
      {"nwb", time_axis::first, sample_type::int16, std::nullopt, std::nullopt},
      {"nwb", time_axis::first, sample_type::uint16, tile_shape{30, 500}, 9},
  };
  for (const synth_case& asked : cases) {
    synth_options options;
    options.channels = 30;
    options.samples = 2000;
    options.sampling_rate = rate;
    options.type = asked.type;
    options.axis = asked.axis;
    options.layout = asked.layout;
    options.chunk = asked.chunk;
    options.gzip_level = asked.gzip_level;
    options.overwrite = true;
    options.history = "weir synth";
    const std::string out = folder.file("synthetic.h5");
    const created_output output = create_synthetic(out, options);
    const synthetic_signal signal(options.seed, rate);
    const std::size_t shares = asked.gzip_level ? 1 : 3;
    for (std::size_t share = 0; share < shares; ++share) write_synthetic(output.part, signal, share, shares);
    finish_output(output.part, out, {}, true);

    const recording found = inspect(out);
    EXPECT_EQ(found.layout, asked.layout);
    EXPECT_EQ(found.type, asked.type);
    EXPECT_EQ(found.axis, asked.axis);
    EXPECT_EQ(found.channels, options.channels);
    EXPECT_EQ(found.samples, options.samples);
    EXPECT_EQ(found.sampling_rate, rate);
    EXPECT_EQ(found.store.gzip_level, asked.gzip_level);
    EXPECT_EQ(found.store.chunked, asked.chunk || asked.gzip_level);
    EXPECT_THAT(found.warnings, IsEmpty());
    visit_sample_type(asked.type, [&](auto zero) {
      using stored = decltype(zero);
      std::vector<stored> expected(options.channels * options.samples);
      signal.fill({0, options.channels}, {0, options.samples}, expected.data(), options.samples);
      std::vector<stored> values(expected.size());
      reader(found, 0).read({0, found.channels}, {0, found.samples}, values.data(), found.samples);
      EXPECT_EQ(values, expected) << asked.layout;
    });
  }
  EXPECT_THAT(attributes(folder.file("synthetic.h5"), {{"/", "history"}})[0].get<std::string>(),
              HasSubstr(": weir synth"));
}

TEST(create_synthetic, is_taken_as_a_source_with_its_references) {
  const scratch_folder folder;
  synth_options options;
  options.channels = 6;
  options.samples = 500;
  options.layout = "nwb";
  options.axis = time_axis::first;
  const std::string source = folder.file("source.h5");
  const created_output made = create_synthetic(source, options);
  write_synthetic(made.part, synthetic_signal(1, rate), 0, 1);
  finish_output(made.part, source, {}, false);

  const std::string out = folder.file("out.h5");
  const created_output copy = create_output(inspect(source), out, {});
  EXPECT_THAT(copy.warnings, IsEmpty());
  finish_output(copy.part, out, {}, false);
  oracle({"tree", source, out, copy.part.dataset});
}

TEST(create_synthetic, refuses_what_cannot_be) {
  const scratch_folder folder;
  const std::string out = folder.file("synthetic.h5");
  const auto refused = [&](auto change) {
    synth_options options;
    change(options);
    return error_of([&] { create_synthetic(out, options); });
  };
  EXPECT_EQ(refused([](synth_options& o) { o.channels = 0; }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.sampling_rate = std::nan(""); }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.layout = "segy"; }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.layout = "nwb"; }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.gzip_level = 10; }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.chunk = tile_shape{1, 500'000}; }).first, exit_code::usage);
  EXPECT_EQ(refused([](synth_options& o) { o.chunk = tile_shape{1, 10}; }).first, exit_code::usage);
  const auto huge = refused([](synth_options& o) { o.samples = 1'000'000'000'000'000; });
  EXPECT_EQ(huge.first, exit_code::cannot_create);
  EXPECT_THAT(folder.names(), IsEmpty());
}

}  // namespace
}  // namespace weir::io::test
