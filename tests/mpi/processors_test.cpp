#include "../../src/topology/processors.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sched.h>

using namespace weir;
namespace fs = std::filesystem;

namespace {

TEST(processor_lists, are_read_as_the_kernel_writes_them) {
  EXPECT_EQ(count(parse_processor_list("")), 0);
  EXPECT_EQ(parse_processor_list("0-3,8"), (processor_set{0b1'0000'1111}));
  EXPECT_EQ(parse_processor_list("63-64"), (processor_set{std::uint64_t{1} << 63, 1}));
  EXPECT_EQ(count(parse_processor_list("0-255,512-767")), 512);
  for (const char* wrong : {"a", "1-", "-1", "1,,2", "1 2", "99999999999"}) {
    EXPECT_THROW(parse_processor_list(wrong), std::invalid_argument) << wrong;
  }
}

TEST(processor_sets, are_within_others_of_any_length) {
  EXPECT_TRUE(is_within(parse_processor_list("1-2"), parse_processor_list("0-3")));
  EXPECT_FALSE(is_within(parse_processor_list("1-4"), parse_processor_list("0-3")));
  EXPECT_FALSE(is_within(parse_processor_list("100"), parse_processor_list("0-3")));
  EXPECT_TRUE(is_within(parse_processor_list("2"), parse_processor_list("0-300")));
}

TEST(allowed, are_the_processors_that_the_thread_is_bound_to) {
  const processor_set all = allowed_processors();
  ASSERT_GE(count(all), 1);
  const int one = ::sched_getcpu();
  std::thread([&] {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(one, &set);
    ASSERT_EQ(::sched_setaffinity(0, sizeof set, &set), 0);
    const processor_set bound = allowed_processors();
    EXPECT_EQ(count(bound), 1);
    EXPECT_TRUE(is_within(bound, parse_processor_list(std::to_string(one))));
  }).join();
  EXPECT_EQ(allowed_processors(), all);
}

/// Two NUMA nodes with processors, and one of memory alone.
class numa_nodes : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "processors_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    for (const auto& [node, list] :
         {std::pair{"node0", "0-3,8-11\n"}, {"node1", "4-7,12-15\n"}, {"node12", "\n"}}) {
      fs::create_directories(folder / node);
      std::ofstream(folder / node / "cpulist") << list;
    }
    fs::create_directories(folder / "power");
  }
  void TearDown() override { fs::remove_all(folder); }

  fs::path folder;
};

TEST_F(numa_nodes, hold_ranks_that_are_bound_to_them) {
  EXPECT_EQ(numa_node_of(parse_processor_list("2"), folder), 0);
  EXPECT_EQ(numa_node_of(parse_processor_list("4-7,12-15"), folder), 1);
  EXPECT_EQ(numa_node_of(parse_processor_list("13"), folder), 1);
}

TEST_F(numa_nodes, do_not_hold_ranks_that_run_on_several) {
  EXPECT_EQ(numa_node_of(parse_processor_list("0-15"), folder), std::nullopt);
  EXPECT_EQ(numa_node_of(parse_processor_list("3,4"), folder), std::nullopt);
}

TEST_F(numa_nodes, are_one_where_the_machine_tells_none) {
  EXPECT_EQ(numa_node_of(parse_processor_list("0-15"), folder / "nowhere"), 0);
}

}  // namespace
