#include <array>
#include <fstream>

#include <gmock/gmock.h>

#include <weir/io/assembly.hpp>
#include <weir/io/chunk_log.hpp>
#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>
#include <weir/io/packer.hpp>
#include <weir/io/piece_joiner.hpp>
#include <weir/io/synth.hpp>
#include <weir/tile_cover.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

/// A packed output like one of the recordings: chunks as small as these are put together into one.
created_output like_recording(const std::string& source, const std::string& out, packing how) {
  output_options options;
  options.packed = how;
  return create_output(inspect((recordings() / source).string()), out, options);
}

/// A packed output of several chunks, for the pattern.
created_output of_small_chunks(const std::string& out, sample_type type, time_axis axis) {
  synth_options options;
  options.channels = pattern_channels;
  options.samples = pattern_samples;
  options.type = type;
  options.axis = axis;
  options.chunk = tile_shape{5, 512};
  options.gzip_level = 4;
  return create_synthetic(out, options);
}

/// A packed output on its way, with two logs that take turns.
class packed_output {
 public:
  packed_output(const created_output& made, const std::string& out)
      : out_(out), made_(made), logs_{chunk_log(out, {0, 0, 0}), chunk_log(out, {0, 1, 0})} {}

  const recording& part() const { return made_.part; }

  /// Packs the pattern, as blocks of this size would.
  void pack_pattern(tile_shape of_block) {
    packer pack(part());
    const tile_shape chunk{part().store.chunk_channels, part().store.chunk_samples};
    const block all{{0, part().channels}, {0, part().samples}};
    const tile_cover blocks(all, of_block, split_axis::rows);
    std::size_t turn = 0;
    visit_sample_type(part().type, [&]<sample S>(S) {
      for (std::size_t b = 0; b < blocks.size(); ++b) {
        const tile_cover pieces(blocks[b], chunk, split_axis::rows);
        for (std::size_t i = 0; i < pieces.size(); ++i) {
          const std::vector<S> rows = pattern_of<S>(pieces[i]);
          const piece_header& header =
              pack.pack(pieces[i].rows, pieces[i].samples, rows.data(), pieces[i].samples.size());
          EXPECT_LE(header.bytes, packer::most_bytes(part()));
          logs_[turn++ % logs_.size()].append(header, pack.bytes());
        }
      }
    });
  }

  log_file log(std::size_t writer) const { return {0, writer, logs_[writer].bytes()}; }

  /// What the two logs hold.
  chunk_index index() const {
    chunk_index found(part(), out_);
    found.add(log(0));
    found.add(log(1));
    return found;
  }

  /// Packs the chunks that blocks met in, in a third log, and calls `meanwhile` after each. Returns the bytes
  /// of that log.
  template <class F>
  std::uint64_t join(std::span<const logged_piece> loose, F&& meanwhile) const {
    piece_joiner joiner(part(), out_, {0, 2, 0}, false);
    for (std::size_t begin = 0, end = 0; begin < loose.size(); begin = end) {
      const auto chunk = chunk_of(part(), loose[begin].piece);
      while (end < loose.size() && chunk_of(part(), loose[end].piece) == chunk) ++end;
      joiner.join(loose.subspan(begin, end - begin));
      meanwhile();
    }
    return joiner.bytes();
  }

  /// Returns the number of pieces that waited for others.
  std::size_t finish() {
    chunk_index index = this->index();
    const std::deque<logged_piece> taken = index.take_loose_pieces();
    const std::vector<logged_piece> loose(taken.begin(), taken.end());
    index.add({0, 2, join(loose, [] {})});
    EXPECT_TRUE(index.take_loose_pieces().empty());
    // Two processes, the later chunks first.
    const std::vector<chunk_move> moves = index.place_in(part().path, false);
    const std::span<const chunk_move> all(moves);
    const std::size_t half = all.size() / 2;
    move_chunks(part().path, out_, all.subspan(half), true);
    move_chunks(part().path, out_, all.first(half), false);
    finish_output(part(), out_, {}, false);
    remove_logs(out_);
    return loose.size();
  }

 private:
  template <sample S>
  std::vector<S> pattern_of(const block& where) const {
    // A recording of one dimension is the pattern's channel 3.
    const std::size_t first = part().dimensions == 1 ? 3 : 0;
    std::vector<S> rows;
    for (std::size_t c = where.rows.begin; c < where.rows.end; ++c) {
      for (std::size_t s = where.samples.begin; s < where.samples.end; ++s)
        rows.push_back(pattern<S>(first + c, s));
    }
    return rows;
  }

  std::string out_;
  created_output made_;
  std::array<chunk_log, 2> logs_;
};

TEST(packing, puts_every_sample_where_hdf5_reads_it) {
  const scratch_folder folder;
  std::ofstream list(folder.file("list"));
  std::vector<std::string> expected{"list"};
  const auto hold = [&](const std::string& name, const created_output& made, tile_shape of_block) {
    packed_output output(made, folder.file(name));
    output.pack_pattern(of_block);
    EXPECT_EQ(output.finish() > 0, of_block.samples < 1009) << name;
    const recording finished = inspect(folder.file(name));
    EXPECT_EQ(finished.store.gzip_level, 4);
    EXPECT_EQ(finished.store.shuffle, made.part.store.shuffle);
    list << folder.file(name) << "\t" << finished.dataset << "\n";
    expected.push_back(name);
  };
  for (const tile_shape of_block : {tile_shape{13, 1009}, tile_shape{4, 100}}) {
    const std::string size = std::to_string(of_block.channels);
    for (const char* source : {"one_dimension.h5", "one_dimension_chunked.h5", "int16_0_contiguous.h5",
                               "uint16_1_gzip.h5", "float32_1_chunked.h5", "float64_0_gzip.h5"}) {
      for (const bool shuffled : {false, true}) {
        const std::string name = (shuffled ? "shuffled" : "") + size + source;
        hold(name, like_recording(source, folder.file(name), {4, shuffled}), of_block);
      }
    }
    for (const time_axis axis : {time_axis::first, time_axis::last}) {
      const std::string name = "chunks" + size + std::to_string(static_cast<int>(axis));
      hold(name, of_small_chunks(folder.file(name), sample_type::int32, axis), of_block);
    }
  }
  list.close();
  oracle({"same", folder.file("list")});
  EXPECT_THAT(folder.names(), testing::UnorderedElementsAreArray(expected)) << "no log is left";
}

TEST(packing, opens_a_log_once_for_all_chunks) {
  const scratch_folder folder;
  const std::string out = folder.file("out.h5");
  packed_output output(of_small_chunks(out, sample_type::int32, time_axis::last), out);
  output.pack_pattern({4, 100});
  const std::deque<logged_piece> taken = output.index().take_loose_pieces();
  const std::vector<logged_piece> loose(taken.begin(), taken.end());
  std::size_t chunks = 0;
  output.join(loose, [&] {
    // The first chunk has pieces in both; who has them open can still read them.
    for (const std::size_t writer : {0, 1}) std::filesystem::remove(log_path(out, output.log(writer)));
    ++chunks;
  });
  EXPECT_EQ(chunks, 6U);
}

TEST(packing, misses_chunks_that_no_log_holds) {
  const scratch_folder folder;
  const std::string out = folder.file("out.h5");
  packed_output output(of_small_chunks(out, sample_type::float32, time_axis::last), out);
  output.pack_pattern({13, 1009});
  chunk_index index(output.part(), out);
  index.add(output.log(0));
  EXPECT_EQ(error_of([&] { index.place_in(output.part().path, false); }).first, exit_code::internal)
      << "every other chunk waits in the second log";
}

TEST(packing, refuses_logs_that_are_not_what_they_were) {
  const scratch_folder folder;
  const std::string out = folder.file("out.h5");
  packed_output output(of_small_chunks(out, sample_type::float32, time_axis::first), out);
  output.pack_pattern({13, 1009});
  const log_file log = output.log(0);

  chunk_index longer(output.part(), out);
  const auto cut = error_of([&] { longer.add({log.run, log.writer, log.bytes + 1}); });
  EXPECT_EQ(cut.first, exit_code::bad_data);
  EXPECT_THAT(cut.second, AllOf(HasSubstr("out.h5.part.chunks.0.0"), HasSubstr("bytes in place of")));

  std::fstream file(log_path(out, log), std::ios::in | std::ios::out | std::ios::binary);
  file.write("\0\0\0\0", 4);
  file.close();
  chunk_index damaged(output.part(), out);
  const auto foreign = error_of([&] { damaged.add(log); });
  EXPECT_EQ(foreign.first, exit_code::bad_data);
  EXPECT_THAT(foreign.second, AllOf(HasSubstr("no piece at byte 0"), HasSubstr("--overwrite")));

  std::filesystem::remove(log_path(out, log));
  EXPECT_EQ(error_of([&] { damaged.add(log); }).first, exit_code::io_error);
}

TEST(packing, removes_the_logs_of_one_output_alone) {
  const scratch_folder folder;
  for (const char* name :
       {"a.h5.part.chunks.0.0", "a.h5.part.chunks.3.17", "a.h5.part", "b.h5.part.chunks.0.0"}) {
    std::ofstream(folder.file(name)) << "x";
  }
  remove_logs(folder.file("a.h5"));
  EXPECT_THAT(folder.names(), ElementsAre("a.h5.part", "b.h5.part.chunks.0.0"));
}

TEST(packing, refuses_rectangles_of_several_chunks) {
  const scratch_folder folder;
  const created_output made = of_small_chunks(folder.file("out.h5"), sample_type::float32, time_axis::last);
  packer pack(made.part);
  const std::vector<float> rows(13 * 1009);
  EXPECT_EQ(error_of([&] { pack.pack({0, 13}, {0, 1009}, rows.data(), 1009); }).first, exit_code::internal);
}

}  // namespace
}  // namespace weir::io::test
