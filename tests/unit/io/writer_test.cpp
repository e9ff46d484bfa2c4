#include <fstream>

#include <gmock/gmock.h>

#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>
#include <weir/io/reader.hpp>
#include <weir/io/synth.hpp>
#include <weir/io/writer.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct rectangle_size {
  std::size_t channels;
  std::size_t samples;
};

/// Compares files with the pattern by h5py, one process for all.
class pattern_files {
 public:
  void add(const std::string& path, const std::string& dataset) { list_ += path + "\t" + dataset + "\n"; }

  void expect_same(const scratch_folder& folder) const {
    std::ofstream(folder.file("list")) << list_;
    oracle({"same", folder.file("list")});
  }

 private:
  std::string list_;
};

TEST(writer, puts_every_sample_where_hdf5_reads_it) {
  const scratch_folder folder;
  pattern_files written;
  std::vector<std::string> sources{"one_dimension.h5", "one_dimension_chunked.h5", "big_int16_0.h5",
                                   "big_float64_1.h5", "virtual.h5"};
  for (const char* type : {"int16", "uint16", "int32", "float32", "float64"}) {
    for (const char* rest : {"_0_contiguous.h5", "_1_contiguous.h5", "_0_chunked.h5", "_1_gzip.h5"}) {
      sources.push_back(std::string(type) + rest);
    }
  }
  const rectangle_size whole{pattern_channels, pattern_samples};
  for (const std::string& name : sources) {
    for (const rectangle_size size : {whole, rectangle_size{4, 100}, rectangle_size{13, 1}}) {
      const recording source = inspect((recordings() / name).string());
      const std::string out =
          folder.file(std::to_string(size.channels) + "_" + std::to_string(size.samples) + name);
      const created_output made = create_output(source, out, {});
      write_pattern(made.part, size.channels, size.samples);
      finish_output(made.part, out, {}, false);
      written.add(out, source.dataset);
    }
  }
  written.expect_same(folder);
}

TEST(writer, writes_parts_of_chunks_and_across_them) {
  const scratch_folder folder;
  pattern_files written;
  for (const time_axis axis : {time_axis::first, time_axis::last}) {
    for (const rectangle_size size :
         {rectangle_size{5, 300}, rectangle_size{1, 1009}, rectangle_size{3, 77}}) {
      synth_options options;
      options.channels = pattern_channels;
      options.samples = pattern_samples;
      options.type = sample_type::float64;
      options.axis = axis;
      options.chunk = tile_shape{5, 128};
      const std::string out =
          folder.file(std::to_string(static_cast<int>(axis)) + "_" + std::to_string(size.channels));
      const created_output made = create_synthetic(out, options);
      EXPECT_EQ(made.part.store.where->first_byte % 4096, 0U);
      EXPECT_EQ(made.part.store.where->chunk_stride, 8192U) << "5 x 128 doubles on pages";
      recording part = made.part;
      // A run that resumes finds the place in the file.
      if (size.samples == 300) part.store.where.reset();
      write_pattern(part, size.channels, size.samples);
      finish_output(part, out, {}, false);
      written.add(out, "/data");
    }
  }
  written.expect_same(folder);
}

TEST(writer, stages_rectangles_larger_than_its_buffer) {
  const scratch_folder folder;
  synth_options options;
  options.channels = 3000;
  options.samples = 1200;
  options.type = sample_type::int32;
  options.axis = time_axis::first;
  for (const bool one_chunk : {false, true}) {
    options.chunk = one_chunk ? std::optional<tile_shape>({3000, 1200}) : std::nullopt;
    const std::string out = folder.file(one_chunk ? "one_chunk.h5" : "wide.h5");
    const created_output made = create_synthetic(out, options);
    ASSERT_GT(data_bytes(made.part), std::uint64_t{8} << 20);
    constexpr std::size_t most = (std::size_t{8} << 20) + (64 << 10);
    EXPECT_LE(writer(made.part).memory_bytes(), most);
    write_pattern(made.part, options.channels, options.samples);
    finish_output(made.part, out, {}, false);
    EXPECT_EQ(oracle({"corner", out, "/data"}), std::to_string(pattern<std::int32_t>(2999, 1199)) + " " +
                                                    std::to_string(pattern<std::int32_t>(0, 1199)) + " " +
                                                    std::to_string(pattern<std::int32_t>(2999, 0)));

    reader in(inspect(out), 0);
    EXPECT_LE(in.memory_bytes(), most) << "a large plain chunk is not held";
    std::vector<std::int32_t> values(options.channels * options.samples);
    in.read({0, options.channels}, {0, options.samples}, values.data(), options.samples);
    std::size_t wrong = 0;
    for (std::size_t c = 0; c < options.channels; ++c) {
      for (std::size_t s = 0; s < options.samples; ++s) {
        wrong += values[c * options.samples + s] != pattern<std::int32_t>(c, s);
      }
    }
    EXPECT_EQ(wrong, 0U);
  }
}

TEST(writer, keeps_a_hundred_thousand_chunks_in_order) {
  const scratch_folder folder;
  synth_options options;
  options.channels = 100'000;
  options.samples = 2048;
  options.type = sample_type::int16;
  options.chunk = tile_shape{1, 2048};
  // placement_of() throws where they are not.
  const created_output made = create_synthetic(folder.file("many.h5"), options);
  EXPECT_EQ(made.part.store.where->chunk_stride, 4096U);
  recording part = made.part;
  const std::vector<std::int16_t> row(2048, 21);
  writer(part).write({99'999, 100'000}, {0, 2048}, row.data(), row.size());
  EXPECT_EQ(oracle({"sum", part.path, "/data", "99999"}), std::to_string(21 * 2048));
  EXPECT_EQ(oracle({"sum", part.path, "/data", "99998"}), "0");
}

TEST(writer, says_that_the_disk_is_full) {
  recording part;
  part.path = "/dev/full";
  part.dataset = "/data";
  part.channels = 2;
  part.samples = 100;
  part.type = sample_type::int16;
  part.store.where = placement{0, 0};
  const std::vector<std::int16_t> values(200);
  writer out(part);
  const auto [code, sentence] = error_of([&] { out.write({0, 2}, {0, 100}, values.data(), 100); });
  EXPECT_EQ(code, exit_code::io_error);
  EXPECT_THAT(sentence, AllOf(HasSubstr("/dev/full"), HasSubstr("No space left"), HasSubstr("make room")));
}

TEST(writer, refuses_what_it_cannot_write_to) {
  const recording packed = inspect((recordings() / "int16_1_gzip.h5").string());
  EXPECT_EQ(error_of([&] { writer out(packed); }).first, exit_code::internal);
  recording gone = inspect((recordings() / "int16_1_contiguous.h5").string());
  gone.path += ".gone";
  gone.store.where = placement{0, 0};
  EXPECT_EQ(error_of([&] { writer out(gone); }).first, exit_code::io_error);
}

}  // namespace
}  // namespace weir::io::test
