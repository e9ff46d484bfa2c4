#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>
#include <weir/io/reader.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

recording made(const std::string& name) {
  return inspect((recordings() / name).string());
}

void write_and_finish(const created_output& output, const std::string& path) {
  write_pattern(output.part, pattern_channels, pattern_samples);
  finish_output(output.part, path, {{"clipped", 3}}, false);
}

TEST(output, carries_everything_else_over) {
  const scratch_folder folder;
  const recording source = made("nwb.h5");
  const std::string out = folder.file("out.h5");
  output_options options;
  options.filtering = "gaussian, sigma 40";
  const created_output output = create_output(source, out, options);
  EXPECT_THAT(output.warnings, Contains(HasSubstr("beside.h5")));
  write_and_finish(output, out);
  oracle({"tree", source.path, out, source.dataset});
  EXPECT_THAT(attributes(out, {{"/acquisition/probe", "filtering"}}),
              ElementsAre("analog 1-500 Hz; then gaussian, sigma 40"));
  const recording again = inspect(out);
  EXPECT_EQ(again.layout, "nwb");
  EXPECT_EQ(again.sampling_rate, source.sampling_rate);
}

TEST(output, reports_references_that_are_lost) {
  const scratch_folder folder;
  const created_output output = create_output(made("nwb_regions.h5"), folder.file("out.h5"), {});
  EXPECT_THAT(output.warnings, ElementsAre(AllOf(HasSubstr("'region'"), HasSubstr("null"))));
}

TEST(output, says_how_it_was_made) {
  const scratch_folder folder;
  const recording source = made("nwb.h5");
  const std::string out = folder.file("out.h5");
  output_options options;
  options.history = "weir filter nwb.h5 out.h5";
  options.provenance = {{"version", "9.8"}, {"options", {{"sigma", 40}}}, {"ranks", 4}, {"seconds", 1.5}};
  options.taps = {0.25, 0.5, 0.25};
  write_and_finish(create_output(source, out, options), out);

  const std::vector<nlohmann::json> found = attributes(out, {{"/", "history"},
                                                             {"/provenance", "input_modified"},
                                                             {"/provenance", "version"},
                                                             {"/provenance", "options"},
                                                             {"/provenance", "ranks"},
                                                             {"/provenance", "seconds"},
                                                             {"/provenance", "results"},
                                                             {"/provenance", "input_path"},
                                                             {"/provenance", "input_dataset"},
                                                             {"/provenance", "input_bytes"}});
  EXPECT_THAT(found[0].get<std::string>(), AllOf(HasSubstr(": weir filter nwb.h5 out.h5\n"),
                                                 EndsWith("\nMon Jan  1 00:00:00 2024: made by hand")));
  EXPECT_THAT(found[1].get<std::string>(), AllOf(StartsWith("20"), EndsWith("Z")));
  const std::vector<nlohmann::json> expected{"9.8",
                                             R"({"sigma":40})",
                                             4,
                                             1.5,
                                             R"({"clipped":3})",
                                             source.path,
                                             source.dataset,
                                             std::filesystem::file_size(source.path)};
  EXPECT_EQ(std::vector<nlohmann::json>(found.begin() + 2, found.end()), expected);
  EXPECT_EQ(oracle({"values", out, "/provenance/taps"}), "0.25 0.5 0.25\n");
}

TEST(output, keeps_the_history_of_a_chain) {
  const scratch_folder folder;
  std::string before = (recordings() / "float32_1_chunked.h5").string();
  for (const char* name : {"first.h5", "second.h5", "third.h5"}) {
    output_options options;
    options.history = std::string("made ") + name;
    options.provenance = {{"version", name}};
    options.taps = {1.0};
    write_and_finish(create_output(inspect(before), folder.file(name), options), folder.file(name));
    before = folder.file(name);
  }
  const std::vector<nlohmann::json> found = attributes(before, {{"/provenance", "version"},
                                                                {"/provenance/previous", "version"},
                                                                {"/provenance/previous/previous", "version"},
                                                                {"/", "history"}});
  EXPECT_THAT(std::vector<nlohmann::json>(found.begin(), found.begin() + 3),
              ElementsAre("third.h5", "second.h5", "first.h5"));
  EXPECT_EQ(oracle({"values", before, "/provenance/previous/previous/taps"}), "1.0\n");
  const auto history = found[3].get<std::string>();
  EXPECT_LT(history.find("third"), history.find("second"));
  EXPECT_LT(history.find("second"), history.find("first"));
  oracle({"tree", folder.file("second.h5"), before, "/data"});
}

TEST(output, opens_when_the_run_was_killed) {
  const scratch_folder folder;
  const recording source = made("int16_0_chunked.h5");
  const created_output output = create_output(source, folder.file("out.h5"), {});
  write_pattern(output.part, pattern_channels, pattern_samples);
  // Nothing was finished or closed through HDF5 since the metadata was written.
  std::ofstream(folder.file("list")) << output.part.path << "\t/data\n";
  oracle({"same", folder.file("list")});
  EXPECT_EQ(inspect(output.part.path).samples, source.samples);
}

TEST(output, is_absent_until_it_is_whole) {
  const scratch_folder folder;
  const std::string out = folder.file("out.h5");
  const created_output output = create_output(made("int16_0_chunked.h5"), out, {});
  EXPECT_EQ(output.part.path, part_path(out));
  EXPECT_THAT(folder.names(), ElementsAre("out.h5.part"));
  write_and_finish(output, out);
  EXPECT_THAT(folder.names(), ElementsAre("out.h5"));
}

TEST(output, reserves_its_space) {
  const scratch_folder folder;
  const created_output output = create_output(made("float64_1_contiguous.h5"), folder.file("out.h5"), {});
  struct stat status {};
  ASSERT_EQ(::stat(output.part.path.c_str(), &status), 0);
  constexpr std::uint64_t block = 512;  // of st_blocks
  EXPECT_GE(static_cast<std::uint64_t>(status.st_blocks) * block, data_bytes(output.part));
}

TEST(output, is_discarded_without_a_trace) {
  const scratch_folder folder;
  const created_output output = create_output(made("int16_0_chunked.h5"), folder.file("out.h5"), {});
  discard_output(output.part);
  EXPECT_THAT(folder.names(), IsEmpty());
  discard_output(output.part);
}

TEST(output, replaces_only_when_told) {
  const scratch_folder folder;
  const std::string out = folder.file("out.h5");
  std::ofstream(out) << "precious";
  const recording source = made("int16_0_chunked.h5");
  const auto [code, sentence] = error_of([&] { create_output(source, out, {}); });
  EXPECT_EQ(code, exit_code::cannot_create);
  EXPECT_THAT(sentence, HasSubstr("--overwrite"));
  EXPECT_THAT(folder.names(), ElementsAre("out.h5"));

  output_options options;
  options.overwrite = true;
  const created_output output = create_output(source, out, options);
  EXPECT_EQ(std::filesystem::file_size(out), 8U) << "the old one stays until the new one is whole";
  write_pattern(output.part, pattern_channels, pattern_samples);
  EXPECT_EQ(error_of([&] { finish_output(output.part, out, {}, false); }).first, exit_code::cannot_create);
  finish_output(output.part, out, {}, true);
  EXPECT_EQ(inspect(out).samples, source.samples);
}

TEST(output, does_not_touch_a_part_that_is_there) {
  const scratch_folder folder;
  const recording source = made("int16_0_chunked.h5");
  const created_output first = create_output(source, folder.file("out.h5"), {});
  const auto [code, sentence] = error_of([&] { create_output(source, folder.file("out.h5"), {}); });
  EXPECT_EQ(code, exit_code::cannot_create);
  EXPECT_THAT(sentence, HasSubstr("out.h5.part"));
  EXPECT_EQ(inspect(first.part.path).samples, source.samples);
}

TEST(output, refuses_its_own_input) {
  const scratch_folder folder;
  const std::string path = folder.file("rec.h5");
  std::filesystem::copy_file(recordings() / "int16_0_chunked.h5", path);
  std::filesystem::create_hard_link(path, folder.file("same.h5"));
  output_options options;
  options.overwrite = true;
  for (const char* name : {"rec.h5", "same.h5"}) {
    EXPECT_EQ(error_of([&] { create_output(inspect(path), folder.file(name), options); }).first,
              exit_code::usage);
  }
  EXPECT_THAT(folder.names(), ElementsAre("rec.h5", "same.h5"));
}

TEST(output, refuses_before_it_fails) {
  const scratch_folder folder;
  const recording source = made("int16_0_chunked.h5");
  const auto nowhere = error_of([&] { create_output(source, folder.file("no/such/folder/out.h5"), {}); });
  EXPECT_EQ(nowhere.first, exit_code::cannot_create);
  EXPECT_THAT(nowhere.second, HasSubstr("No such file"));

  const auto large = error_of([&] { create_output(made("huge.h5"), folder.file("out.h5"), {}); });
  EXPECT_EQ(large.first, exit_code::cannot_create);
  EXPECT_THAT(large.second, AllOf(HasSubstr("needs 8000"), HasSubstr("free")));

  EXPECT_EQ(error_of([&] { create_output(source, "/dev/null", {}); }).first, exit_code::cannot_create);
  EXPECT_THAT(folder.names(), IsEmpty());
}

}  // namespace
}  // namespace weir::io::test
