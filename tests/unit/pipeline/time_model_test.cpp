#include <gtest/gtest.h>

#include <weir/pipeline/time_model.hpp>

namespace weir::pipeline {
namespace {

constexpr machine_rates machine{.start_seconds = 0.5,
                                .read_seconds_per_byte = 1e-9,
                                .filter_seconds_per_sample = 4e-9,
                                .write_seconds_per_byte = 2e-9,
                                .block_seconds = 1e-3};
constexpr run_size size{
    .bytes_read = 8e9, .samples = 1e9, .bytes_written = 4e9, .ranks = 4, .nodes = 2, .blocks_in_turn = 100};

TEST(time_model, ranks_share_the_work_of_cores) {
  const run_time time = predict(machine, size);
  EXPECT_DOUBLE_EQ(time.start, 0.5);
  EXPECT_DOUBLE_EQ(time.read.seconds, 2);
  EXPECT_DOUBLE_EQ(time.filter.seconds, 1);
  EXPECT_DOUBLE_EQ(time.write.seconds, 2);
  EXPECT_DOUBLE_EQ(time.waiting, 0.1);
  EXPECT_DOUBLE_EQ(time.seconds(), 5.6);
  EXPECT_EQ(time.read.held_by, bottleneck::cores);
}

TEST(time_model, a_nodes_memory_moves_every_byte_in_and_out) {
  machine_rates slow = machine;
  slow.memory_bytes_per_second = 1e9;
  const run_time time = predict(slow, size);
  EXPECT_DOUBLE_EQ(time.read.seconds, 8);
  EXPECT_DOUBLE_EQ(time.filter.seconds, 4);
  EXPECT_DOUBLE_EQ(time.write.seconds, 4);
  EXPECT_EQ(time.filter.held_by, bottleneck::memory);
}

TEST(time_model, files_have_a_link_for_each_node_and_one_storage_for_all) {
  machine_rates slow = machine;
  slow.link_bytes_per_second = 1e9;
  run_time time = predict(slow, size);
  EXPECT_DOUBLE_EQ(time.read.seconds, 4);
  EXPECT_EQ(time.read.held_by, bottleneck::link);
  EXPECT_EQ(time.write.held_by, bottleneck::cores) << "the link takes as long as the cores";
  EXPECT_EQ(time.filter.held_by, bottleneck::cores) << "the filter needs no files";
  slow.storage_bytes_per_second = 1e9;
  time = predict(slow, size);
  EXPECT_DOUBLE_EQ(time.read.seconds, 8);
  EXPECT_DOUBLE_EQ(time.write.seconds, 4);
  EXPECT_EQ(time.read.held_by, bottleneck::storage);
}

TEST(time_model, names_what_holds_a_run_up) {
  EXPECT_EQ(name_of(bottleneck::cores), "cores");
  EXPECT_EQ(name_of(bottleneck::storage), "file system");
}

}  // namespace
}  // namespace weir::pipeline
