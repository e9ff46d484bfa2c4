#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <weir/io/inspect.hpp>
#include <weir/io/output.hpp>
#include <weir/io/source_files.hpp>

#include "support.hpp"

namespace weir::io::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAreArray;

std::set<std::string> names_of(const std::vector<std::string>& paths) {
  std::set<std::string> names;
  for (const std::string& path : paths) names.insert(fs::path(path).filename().string());
  return names;
}

const std::set<std::string> parts{"virtual_source_0.h5", "virtual_source_1.h5"};

std::set<std::string> parts_and(std::set<std::string> more) {
  more.insert(parts.begin(), parts.end());
  return more;
}

TEST(source_files, follow_the_samples_wherever_they_lie) {
  const std::vector<std::pair<std::string, std::set<std::string>>> cases{
      {"int16_0_chunked.h5", {"int16_0_chunked.h5"}},
      {"virtual.h5", parts_and({"virtual.h5"})},
      {"virtual_nested.h5", parts_and({"virtual.h5", "virtual_nested.h5"})},
      {"virtual_own.h5", {"virtual_own.h5"}},
      {"raw_bytes.h5", {"raw_bytes.h5", "raw_0.bin", "raw_1.bin"}},
      {"linked.h5", parts_and({"linked.h5", "virtual.h5"})},
  };
  overrides in_data;
  in_data.dataset = "/data";
  for (const auto& [name, expected] : cases) {
    SCOPED_TRACE(name);
    const recording input = inspect((recordings() / name).string(), in_data);
    const std::vector<std::string> found = sample_files(input);
    EXPECT_THAT(names_of(found), UnorderedElementsAreArray(expected));
    for (const std::string& path : found) EXPECT_TRUE(fs::exists(path)) << path;
  }
}

TEST(source_files, are_found_from_another_folder_and_behind_a_link) {
  const scratch_folder folder;
  fs::create_symlink(recordings() / "virtual.h5", folder.file("link.h5"));
  const std::vector<std::string> found = sample_files(inspect(folder.file("link.h5")));
  EXPECT_THAT(names_of(found), UnorderedElementsAreArray(parts_and({"link.h5"})));
  const file_set all(found);
  EXPECT_TRUE(all.has((recordings() / "virtual.h5").string()));
  EXPECT_TRUE(all.has((recordings() / "virtual_source_0.h5").string()));
  EXPECT_FALSE(all.has((recordings() / "linked.h5").string()));
  EXPECT_FALSE(all.has(folder.file("none.h5")));
}

TEST(source_files, are_no_outputs) {
  const scratch_folder folder;
  for (const char* name : {"virtual.h5", "virtual_nested.h5", "virtual_source_0.h5", "virtual_source_1.h5"}) {
    fs::copy_file(recordings() / name, folder.file(name));
  }
  const recording input = inspect(folder.file("virtual_nested.h5"));
  output_options options;
  options.overwrite = true;
  for (const char* name : {"virtual_nested.h5", "virtual.h5", "virtual_source_1.h5"}) {
    const std::string path = folder.file(name);
    const auto bytes = fs::file_size(path);
    for (const auto& [code, sentence] :
         {error_of([&] { create_output(input, path, options); }),
          error_of([&] { check_output(path, file_set(sample_files(input)), true, true); })}) {
      EXPECT_EQ(code, exit_code::usage) << name;
      EXPECT_THAT(sentence, HasSubstr(name));
    }
    EXPECT_EQ(fs::file_size(path), bytes);
    EXPECT_FALSE(fs::exists(part_path(path)));
  }
  // The name that the output has on its way counts too.
  fs::create_hard_link(folder.file("virtual_source_0.h5"), folder.file("out.h5.part"));
  EXPECT_EQ(error_of([&] { create_output(input, folder.file("out.h5"), options); }).first, exit_code::usage);
  EXPECT_TRUE(fs::exists(folder.file("out.h5.part")));
}

TEST(source_files, an_output_is_checked_before_it_is_made) {
  const scratch_folder folder;
  const auto code_of = [&](const std::string& name, bool overwrite, bool replace_part) {
    return error_of([&] { check_output(folder.file(name), {}, overwrite, replace_part); }).first;
  };
  std::ofstream(folder.file("old.h5")) << "precious";
  std::ofstream(folder.file("left.h5.part")) << "precious";
  EXPECT_EQ(code_of("old.h5", false, false), exit_code::cannot_create);
  EXPECT_EQ(code_of("left.h5", false, false), exit_code::cannot_create);
  EXPECT_EQ(code_of("no/such/folder/out.h5", true, true), exit_code::cannot_create);
  EXPECT_NO_THROW(check_output(folder.file("old.h5"), {}, true, false));
  EXPECT_NO_THROW(check_output(folder.file("left.h5"), {}, false, true));
  EXPECT_NO_THROW(check_output(folder.file("new.h5"), {}, false, false));
  EXPECT_EQ(folder.names().size(), 2U) << "nothing is made";
}

}  // namespace
}  // namespace weir::io::test
