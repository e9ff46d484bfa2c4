#include <algorithm>
#include <fstream>
#include <optional>
#include <tuple>

#include <gmock/gmock.h>

#include <weir/io/inspect.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/synth.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::HasSubstr;

/// Bytes that this process has read, by the kernel's count, if it keeps one.
std::optional<std::uint64_t> bytes_read_so_far() {
  std::ifstream counts("/proc/self/io");
  std::string name;
  std::uint64_t bytes = 0;
  if (counts >> name >> bytes && name == "rchar:") return bytes;
  return std::nullopt;
}

/// Reads a rectangle into memory that is larger, and looks at every value of it.
template <sample S>
void expect_pattern(reader& in, index_range channels, index_range samples, std::size_t first_channel = 0) {
  constexpr std::size_t spare = 5;
  const S guard = S{77};
  const std::size_t stride = samples.size() + spare;
  std::vector<S> values((channels.size() + 1) * stride, guard);
  in.read(channels, samples, values.data(), stride);
  std::size_t wrong = 0;
  for (std::size_t c = 0; c <= channels.size(); ++c) {
    for (std::size_t s = 0; s < stride; ++s) {
      const bool inside = c < channels.size() && s < samples.size();
      const S expected = inside ? pattern<S>(first_channel + channels.begin + c, samples.begin + s) : guard;
      wrong += values[c * stride + s] != expected;
    }
  }
  EXPECT_EQ(wrong, 0U) << "channels " << channels.begin << ":" << channels.end << " samples " << samples.begin
                       << ":" << samples.end;
}

void expect_pattern_everywhere(const recording& what, std::size_t cache_bytes,
                               std::size_t first_channel = 0) {
  visit_sample_type(what.type, [&](auto zero) {
    using stored = decltype(zero);
    reader in(what, cache_bytes);
    expect_pattern<stored>(in, {0, what.channels}, {0, what.samples}, first_channel);
    expect_pattern<stored>(in, {what.channels - 1, what.channels}, {what.samples - 1, what.samples},
                           first_channel);
    expect_pattern<stored>(in, {0, 0}, {0, what.samples}, first_channel);
    expect_pattern<stored>(in, {0, what.channels}, {500, 500}, first_channel);
    if (what.channels < pattern_channels) return;
    expect_pattern<stored>(in, {3, 11}, {127, 641}, first_channel);
    expect_pattern<stored>(in, {4, 6}, {0, what.samples}, first_channel);
    expect_pattern<stored>(in, {0, what.channels}, {255, 257}, first_channel);
  });
}

class every_storage : public testing::TestWithParam<std::tuple<sample_type, int, const char*>> {};

TEST_P(every_storage, is_read_in_whole_and_in_parts) {
  const auto& [type, axis, storage] = GetParam();
  const std::string name = std::string(name_of(type)) + "_" + std::to_string(axis) + "_" + storage + ".h5";
  const recording what = inspect((recordings() / name).string());
  EXPECT_EQ(what.type, type);
  EXPECT_EQ(what.axis, axis == 0 ? time_axis::first : time_axis::last);
  EXPECT_EQ(what.channels, pattern_channels);
  EXPECT_EQ(what.samples, pattern_samples);
  EXPECT_EQ(what.sampling_rate, 500.0);
  const bool chunked = std::string(storage) != "contiguous";
  const bool gzip = std::string(storage) == "gzip";
  EXPECT_EQ(what.store.chunked, chunked);
  EXPECT_EQ(what.store.chunk_channels, chunked ? 5U : 0U);
  EXPECT_EQ(what.store.chunk_samples, chunked ? 128U : 0U);
  EXPECT_EQ(what.store.gzip_level, gzip ? std::optional<int>(4) : std::nullopt);
  EXPECT_EQ(what.store.shuffle, gzip);
  EXPECT_EQ(what.store.filtered, gzip);
  for (const std::size_t cache : {std::size_t{0}, std::size_t{3000}, std::size_t{1} << 20}) {
    expect_pattern_everywhere(what, cache);
  }
}

INSTANTIATE_TEST_SUITE_P(reader, every_storage,
                         testing::Combine(testing::Values(sample_type::int16, sample_type::uint16,
                                                          sample_type::int32, sample_type::float32,
                                                          sample_type::float64),
                                          testing::Values(0, 1),
                                          testing::Values("contiguous", "chunked", "gzip")));

TEST(reader, converts_another_byte_order) {
  for (const char* name : {"big_int16_0.h5", "big_int16_1.h5", "big_float64_0.h5", "big_float64_1.h5"}) {
    expect_pattern_everywhere(inspect((recordings() / name).string()), 0);
  }
}

TEST(reader, reads_one_dimension_as_one_channel) {
  for (const char* name : {"one_dimension.h5", "one_dimension_chunked.h5"}) {
    constexpr std::size_t channel_of_the_trace = 3;
    expect_pattern_everywhere(inspect((recordings() / name).string()), 0, channel_of_the_trace);
  }
}

TEST(reader, leaves_to_hdf5_what_it_does_not_unpack_itself) {
  for (const char* name : {"checked_gzip.h5", "big_gzip.h5"}) {
    const recording what = inspect((recordings() / name).string());
    EXPECT_EQ(reader(what, 0).packed_bytes_read(), std::nullopt) << name;
    expect_pattern_everywhere(what, 0);
  }
}

TEST(reader, unpacks_chunks_that_skipped_filters_or_were_never_written) {
  const recording what = inspect((recordings() / "mixed_gzip.h5").string());
  reader in(what, 0);
  ASSERT_EQ(in.packed_bytes_read(), 0U);
  std::vector<std::int16_t> values(what.channels * what.samples);
  in.read({0, what.channels}, {0, what.samples}, values.data(), what.samples);
  EXPECT_EQ(in.packed_bytes_read(), what.store.stored_bytes);
  for (std::size_t c = 0; c < what.channels; ++c) {
    for (std::size_t s = 0; s < what.samples; ++s) {
      const bool is_missing = c >= 5 && c < 10 && s >= 256 && s < 384;
      ASSERT_EQ(values[c * what.samples + s], is_missing ? -7 : pattern<std::int16_t>(c, s)) << c << " " << s;
    }
  }
}

TEST(reader, gives_the_fill_value_of_a_dataset_that_was_never_written) {
  const recording what = inspect((recordings() / "unwritten_gzip.h5").string());
  reader in(what, 0);
  std::vector<std::int16_t> values(what.channels * what.samples);
  in.read({0, what.channels}, {0, what.samples}, values.data(), what.samples);
  EXPECT_THAT(values, testing::Each(-7));
  EXPECT_EQ(in.packed_bytes_read(), 0U);
}

TEST(reader, reads_little_more_than_the_parts_of_long_rows) {
  if (!bytes_read_so_far()) GTEST_SKIP() << "this kernel does not count what a process reads";
  const scratch_folder folder;
  synth_options options;
  options.channels = 40;
  options.samples = 100'000;
  options.type = sample_type::int16;
  const recording what = create_synthetic(folder.file("long.h5"), options).part;
  reader in(what, 0);
  constexpr index_range part{1'000, 4'300};
  std::vector<std::int16_t> values(what.channels * part.size());
  const std::uint64_t before = *bytes_read_so_far();
  in.read({0, what.channels}, part, values.data(), part.size());
  const std::uint64_t bytes = *bytes_read_so_far() - before;
  EXPECT_LT(bytes, values.size() * sizeof(std::int16_t) * 11 / 10);
}

TEST(reader, unpacks_a_chunk_once_while_the_cache_holds_it) {
  const recording what = inspect((recordings() / "int16_1_gzip.h5").string());
  std::vector<std::int16_t> row(what.samples);
  const auto read_by_rows = [&](std::size_t cache_bytes) {
    reader in(what, cache_bytes);
    for (std::size_t c = 0; c < what.channels; ++c)
      in.read({c, c + 1}, {0, what.samples}, row.data(), what.samples);
    return *in.packed_bytes_read();
  };
  const std::size_t a_row_of_chunks = 8 * 5 * 128 * sizeof(std::int16_t);
  EXPECT_EQ(read_by_rows(a_row_of_chunks), what.store.stored_bytes);
  EXPECT_GT(read_by_rows(0), 4 * what.store.stored_bytes);
}

TEST(reader, reads_a_virtual_dataset) {
  expect_pattern_everywhere(inspect((recordings() / "virtual.h5").string()), 0);
}

TEST(reader, reads_time_along_either_axis_when_told) {
  overrides said;
  said.axis = time_axis::first;
  const recording turned = inspect((recordings() / "int16_1_contiguous.h5").string(), said);
  ASSERT_EQ(turned.channels, pattern_samples);
  reader in(turned, 0);
  std::vector<std::int16_t> values(2 * pattern_channels);
  in.read({100, 102}, {0, pattern_channels}, values.data(), pattern_channels);
  EXPECT_EQ(values[0], pattern<std::int16_t>(0, 100));
  EXPECT_EQ(values[pattern_channels + 4], pattern<std::int16_t>(4, 101));
}

TEST(reader, counts_its_memory) {
  const recording packed = inspect((recordings() / "float64_0_gzip.h5").string());
  const std::size_t chunk = 5 * 128 * sizeof(double);
  // One chunk at least, and its shuffled bytes.
  EXPECT_GE(reader(packed, 0).memory_bytes(), 2 * chunk);
  EXPECT_LT(reader(packed, 0).memory_bytes(), 3 * chunk + (16 << 10));
  // No more chunks than there are: 3 x 8.
  const std::size_t large_cache = 3 << 20;
  EXPECT_GE(reader(packed, large_cache).memory_bytes(), 25 * chunk);
  EXPECT_LT(reader(packed, large_cache).memory_bytes(), 26 * chunk + (16 << 10));
  const recording checked = inspect((recordings() / "checked_gzip.h5").string());
  // One tile at least, and staging of 64 KiB, but no more than the recording is large.
  constexpr std::size_t staging = 64 << 10;
  ASSERT_GT(data_bytes(checked), staging);
  EXPECT_EQ(reader(checked, large_cache).memory_bytes(), large_cache + staging);
  const recording plain = inspect((recordings() / "int16_0_chunked.h5").string());
  ASSERT_LT(data_bytes(plain), staging);
  EXPECT_EQ(reader(plain, large_cache).memory_bytes(), data_bytes(plain)) << "staging alone";
  const recording rows = inspect((recordings() / "float64_1_contiguous.h5").string());
  EXPECT_EQ(reader(rows, large_cache).memory_bytes(), 0U);
}

TEST(reader, refuses_what_does_not_fit) {
  const recording what = inspect((recordings() / "int16_1_chunked.h5").string());
  reader in(what, 0);
  std::vector<std::int16_t> values(what.samples);
  const auto beyond = error_of([&] { in.read({13, 14}, {0, 10}, values.data(), 10); });
  EXPECT_EQ(beyond.first, exit_code::internal);
  const auto narrow = error_of([&] { in.read({0, 1}, {0, 10}, values.data(), 9); });
  EXPECT_EQ(narrow.first, exit_code::internal);
  std::vector<float> others(10);
  EXPECT_EQ(error_of([&] { in.read({0, 1}, {0, 10}, others.data(), 10); }).first, exit_code::internal);
}

TEST(reader, notices_that_the_file_changed) {
  recording what = inspect((recordings() / "int16_1_chunked.h5").string());
  what.samples += 1;
  const auto [code, sentence] = error_of([&] { reader in(what, 0); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence, HasSubstr("int16_1_chunked.h5"));
}

TEST(reader, gives_no_zeros_for_what_was_cut_off) {
  const scratch_folder folder;
  for (const char* name : {"int16_1_contiguous.h5", "int16_1_chunked.h5", "int16_0_chunked.h5"}) {
    const std::string cut = folder.file(name);
    std::filesystem::copy_file(recordings() / name, cut);
    const recording what = inspect(cut);
    reader in(what, 0);
    std::filesystem::resize_file(cut, what.file_bytes - 4000);
    std::vector<std::int16_t> values(what.channels * what.samples);
    const auto [code, sentence] = error_of([&] {
      in.read({0, what.channels}, {0, what.samples}, values.data(), what.samples);
    });
    EXPECT_EQ(code, exit_code::io_error) << name;
    EXPECT_THAT(sentence, AllOf(HasSubstr(name), HasSubstr(std::to_string(what.file_bytes))));
  }
}

TEST(reader, says_where_damaged_data_lies) {
  const scratch_folder folder;
  const std::string damaged = folder.file("damaged.h5");
  std::filesystem::copy_file(recordings() / "int32_1_gzip.h5", damaged);
  const recording what = inspect(damaged);
  // Chunks come last in the file; zeros are no deflate stream.
  std::FILE* const file = std::fopen(damaged.c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  constexpr long tail = 20'000;
  std::fseek(file, -tail, SEEK_END);
  const std::vector<char> zeros(tail, '\0');
  std::fwrite(zeros.data(), 1, zeros.size(), file);
  std::fclose(file);
  reader in(what, 0);
  std::vector<std::int32_t> values(what.channels * what.samples);
  const auto [code, sentence] = error_of([&] {
    in.read({0, what.channels}, {0, what.samples}, values.data(), what.samples);
  });
  EXPECT_EQ(code, exit_code::io_error);
  EXPECT_THAT(sentence,
              testing::AllOf(HasSubstr("/data"), HasSubstr("damaged.h5"), HasSubstr("samples 0:1009")));
}

}  // namespace
}  // namespace weir::io::test
