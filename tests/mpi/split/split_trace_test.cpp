#include <algorithm>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "split_fixture.hpp"

using namespace weir;

namespace {

/// This rank's log lines, in a file that is removed at the end.
class split_traces : public testing::Test {
 protected:
  communicator world = communicator::world();
  communicator node = world.split_shared();
  std::filesystem::path base = std::filesystem::temp_directory_path() /
                               ("weir_split_trace_" + std::to_string(world.broadcast(::getpid(), 0)));
  std::filesystem::path mine = base.string() + "." + std::to_string(world.rank());

  void SetUp() override { log_to_file(base); }
  void TearDown() override { std::filesystem::remove(mine); }

  int lines_with(const std::string& text) const {
    std::ifstream in(mine);
    int lines = 0;
    for (std::string line; std::getline(in, line);) lines += line.find(text) != std::string::npos ? 1 : 0;
    return lines;
  }
};

TEST_F(split_traces, tell_what_was_wrapped_mapped_done_and_joined) {
  const auto x = shared_copy(node, xt::xarray<double>(xt::ones<double>({16, 4})));
  const auto twice = split_at([](const auto& rows) { return xt::xarray<double>(rows * 2.0); });
  {
    const log_level_scope talkative(log_level::info);
    twice(x);
  }
  twice(x);
  const index_range rows = x.own_rows();
  const std::string part = "[INFO/" + std::to_string(world.rank()) + "/";
  EXPECT_EQ(lines_with(part), node.rank() == 0 ? 4 : 1);
  EXPECT_EQ(
      lines_with("split: rows " + std::to_string(rows.begin) + ":" + std::to_string(rows.end) + " took "), 1);
  const int first = node.rank() == 0 ? 1 : 0;
  EXPECT_EQ(lines_with("split: 1 shared arrays of " + std::to_string(node.size()) + " ranks wrapped"), first);
  EXPECT_EQ(lines_with("(16, 4) of 512 B"), first);
  EXPECT_EQ(lines_with("split: 16 rows mapped to " + std::to_string(node.size()) + " ranks"), first);
  EXPECT_EQ(lines_with("split: results joined to (16, 4), 512 B"), first);
}

TEST_F(split_traces, say_why_a_split_is_serial) {
  const auto x = shared_copy(node, xt::xarray<double>(xt::ones<double>({16, 4})));
  const auto inner = split_at([](const auto& rows) { return rows.shape(0); });
  const log_level_scope talkative(log_level::info);
  split_at([&](const auto& rows) { inner(xt::xarray<double>(rows)); })(x);
  EXPECT_EQ(lines_with("split: runs serially (inside another split or job)"), x.own_rows().empty() ? 0 : 1);
  const serial here;
  inner(x);
  EXPECT_EQ(lines_with("mapped to one rank, because the serial switch is on"), node.rank() == 0 ? 1 : 0);
}

}  // namespace
