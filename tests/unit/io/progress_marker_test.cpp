#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <weir/error.hpp>
#include <weir/io/progress_marker.hpp>

namespace weir::io {
namespace {

class progress_marker_test : public testing::Test {
 protected:
  progress_marker_test() { std::filesystem::create_directory(folder_); }
  ~progress_marker_test() override { std::filesystem::remove_all(folder_); }

  std::string read() const {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("weir-marker-" + std::to_string(::getpid()));
  std::string path_ = folder_ / "out.h5.part.progress";
};

TEST_F(progress_marker_test, gives_back_the_last_state) {
  EXPECT_FALSE(load_marker(path_).has_value());
  save_marker(path_, {{"done", {1, 2}}});
  save_marker(path_, {{"done", {1, 2, 3}}});
  EXPECT_EQ(load_marker(path_), (nlohmann::json{{"done", {1, 2, 3}}}));
  remove_marker(path_);
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(progress_marker_test, refuses_every_cut_and_every_changed_byte) {
  save_marker(path_, {{"done", {{0, 5}}}, {"generation", 3}});
  const std::string whole = read();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(parse_marker(std::span(whole).first(length), "cut"), error) << length;
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THROW(parse_marker(changed, "changed"), error) << i;
  }
}

TEST_F(progress_marker_test, ignores_what_a_crash_left_of_the_next_one) {
  save_marker(path_, {{"generation", 1}});
  std::ofstream(path_ + ".new") << "weir pro";
  EXPECT_EQ(load_marker(path_), (nlohmann::json{{"generation", 1}}));
  save_marker(path_, {{"generation", 2}});
  EXPECT_EQ(load_marker(path_), (nlohmann::json{{"generation", 2}}));
}

TEST_F(progress_marker_test, checksum_is_fnv_1a) {
  // Vectors of the reference implementation (isthe.com/chongo/tech/comp/fnv).
  EXPECT_EQ(checksum({}), 0xcbf29ce484222325U);
  EXPECT_EQ(checksum(std::string("a")), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(checksum(std::string("foobar")), 0x85944171f73967e8U);
}

TEST_F(progress_marker_test, probe_sees_changes_at_both_ends_and_another_length) {
  const std::string file = folder_ / "input";
  const auto probe_of = [&](const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    return content_probe(file);
  };
  const std::string text(1'000'000, 'x');
  const std::uint64_t original = probe_of(text);
  EXPECT_EQ(probe_of(text), original);
  EXPECT_NE(probe_of("y" + text.substr(1)), original);
  EXPECT_NE(probe_of(text.substr(1) + "y"), original);
  EXPECT_NE(probe_of("short"), probe_of("shorter"));
}

}  // namespace
}  // namespace weir::io
