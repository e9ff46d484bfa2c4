#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include <weir/io/input_files.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class input_names : public testing::Test {
 protected:
  std::string make(const std::string& name) {
    const std::string path = folder_.file(name);
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << "x";
    return path;
  }

  std::vector<std::string> found(const std::vector<std::string>& names) { return input_files(names); }

  scratch_folder folder_;
};

TEST_F(input_names, stand_for_files_folders_and_patterns_in_the_order_of_names) {
  const std::string b = make("day/b.h5");
  const std::string a = make("day/a.HDF5");
  const std::string c = make("day/c.nwb");
  make("day/d.txt");
  make("day/e.h5.part");
  make("day/.hidden.h5");
  make("day/deeper/f.h5");
  EXPECT_THAT(found({folder_.file("day")}), ElementsAre(a, b, c));
  EXPECT_THAT(found({folder_.file("day/[bc].*")}), ElementsAre(b, c));
  EXPECT_THAT(found({c, a}), ElementsAre(c, a)) << "files as they are named";
}

TEST_F(input_names, that_look_like_patterns_may_be_files) {
  const std::string odd = make("Raw[0].h5");
  make("Raw0.h5");
  EXPECT_THAT(found({odd}), ElementsAre(odd));
}

TEST_F(input_names, that_are_wrong_are_refused) {
  const std::string a = make("day/a.h5");
  std::filesystem::create_directory(folder_.file("empty"));
  EXPECT_EQ(error_of([&] { found({a, folder_.file("day")}); }).first, exit_code::usage);
  EXPECT_EQ(error_of([&] { found({folder_.file("empty")}); }).first, exit_code::no_input);
  const auto [code, sentence] = error_of([&] { found({folder_.file("day/*.nwb")}); });
  EXPECT_EQ(code, exit_code::no_input);
  EXPECT_THAT(sentence, HasSubstr("*.nwb"));
}

}  // namespace
}  // namespace weir::io::test
