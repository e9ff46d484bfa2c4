#include <cmath>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <weir/io/files.hpp>
#include <weir/io/join.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t second_ns = 1'000'000'000;

/// A file of one channel at 10 Hz that begins `start` samples after 1970.
recording file_at(const std::string& path, std::size_t samples, double start) {
  recording file;
  file.path = path;
  file.layout = "prodml";
  file.dataset = "/data";
  file.channels = 1;
  file.samples = samples;
  file.sampling_rate = 10.0;
  file.file_bytes = 100;
  file.start_ns = std::llround(start / 10.0 * static_cast<double>(second_ns));
  return file;
}

TEST(join, files_hold_the_samples_one_after_another) {
  const recording whole = join({file_at("a", 7, 0), file_at("b", 1, 7), file_at("c", 12, 8)});
  EXPECT_EQ(whole.samples, 20U);
  EXPECT_EQ(whole.file_bytes, 300U);
  file_descriptions files(whole);
  ASSERT_EQ(files.size(), 3U);
  for (const auto& [sample, file] :
       {std::pair(0, 0), std::pair(6, 0), std::pair(7, 1), std::pair(8, 2), std::pair(19, 2)}) {
    EXPECT_EQ(files.holder_of(static_cast<std::size_t>(sample)), static_cast<std::size_t>(file)) << sample;
  }
  EXPECT_EQ(files[1].path, "b");
  EXPECT_EQ(files[1].samples, 1U);
  EXPECT_TRUE(files[1].files.empty());
  EXPECT_EQ(nlohmann::json(whole).get<recording>(), whole);
}

TEST(join, one_file_stays_as_it_is) {
  EXPECT_EQ(join({file_at("a", 7, 0)}), file_at("a", 7, 0));
}

TEST(join, puts_files_in_the_order_of_their_times) {
  std::vector<recording> files{file_at("c", 5, 20), file_at("a", 5, 0), file_at("b", 5, 10)};
  put_in_time_order(files);
  EXPECT_EQ(files[0].path + files[1].path + files[2].path, "abc");
  files[1].start_ns.reset();
  const auto [code, sentence] = error_of([&] { put_in_time_order(files); });
  EXPECT_EQ(code, exit_code::bad_data);
  EXPECT_THAT(sentence, AllOf(HasSubstr("'a'"), HasSubstr("'b'")));
}

TEST(join, finds_gaps_and_overlaps_beyond_the_tolerance) {
  const std::vector<recording> files{file_at("a", 5, 0), file_at("b", 5, 5.4), file_at("c", 5, 12),
                                     file_at("d", 5, 14)};
  const auto found = find_discontinuities(files, usual_gap_tolerance);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].file, 2U);
  EXPECT_NEAR(found[0].samples, 1.6, 1e-6);
  EXPECT_EQ(found[1].file, 3U);
  EXPECT_NEAR(found[1].samples, -3, 1e-6);
  EXPECT_EQ(find_discontinuities(files, 2).size(), 1U);
  EXPECT_THAT(to_text(found, files),
              AllOf(HasSubstr("2 gaps or overlaps"), HasSubstr("'c' begins 1.6 samples"),
                    HasSubstr("after the end of 'b'"), HasSubstr("'d' begins 3 samples"),
                    HasSubstr("before the end of 'c'")));
}

TEST(join, cuts_files_at_gaps) {
  std::vector<recording> files{file_at("a", 5, 0), file_at("b", 5, 5), file_at("c", 5, 12),
                               file_at("d", 5, 30)};
  const auto found = find_discontinuities(files, usual_gap_tolerance);
  const auto stretches = cut_at(found, std::move(files));
  ASSERT_EQ(stretches.size(), 3U);
  EXPECT_EQ(stretches[0].size(), 2U);
  EXPECT_EQ(stretches[1].front().path, "c");
  EXPECT_EQ(stretches[2].front().path, "d");
}

TEST(join, lists_ten_gaps_and_counts_the_others) {
  std::vector<recording> files;
  for (int i = 0; i < 14; ++i) files.push_back(file_at("f" + std::to_string(i), 5, 10.0 * i));
  const std::string text = to_text(find_discontinuities(files, usual_gap_tolerance), files);
  EXPECT_THAT(text,
              AllOf(HasSubstr("13 gaps"), HasSubstr("'f10'"), Not(HasSubstr("'f11'")), HasSubstr("3 more")));
}

TEST(join, refuses_files_that_differ) {
  const auto refused = [](auto change) {
    std::vector<recording> files{file_at("a", 5, 0), file_at("b", 5, 5), file_at("c", 5, 10)};
    change(files[2]);
    const auto [code, sentence] = error_of([&] { require_alike(files); });
    EXPECT_EQ(code, exit_code::bad_data);
    EXPECT_THAT(sentence, AllOf(HasSubstr("'a'"), HasSubstr("'c'")));
    return sentence;
  };
  EXPECT_THAT(refused([](recording& file) { file.channels = 2; }),
              HasSubstr("channels is 1 in the first and 2"));
  EXPECT_THAT(refused([](recording& file) { file.sampling_rate = 10.01; }), HasSubstr("10.01 Hz"));
  EXPECT_THAT(refused([](recording& file) { file.type = sample_type::int16; }), HasSubstr("int16"));
  EXPECT_THAT(refused([](recording& file) { file.unit = "rad"; }), HasSubstr("rad"));
  EXPECT_NO_THROW(require_alike(std::vector{file_at("a", 5, 0), file_at("b", 5, 5)}));
}

}  // namespace
}  // namespace weir::io::test
