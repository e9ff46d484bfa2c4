#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <weir/error.hpp>
#include <weir/shm/memory_limits.hpp>

using namespace weir;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

/// A folder in place of "/", with the files that the kernel would show.
class machine : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "memory_limits_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    write("proc/meminfo",
          "MemTotal:       8192000 kB\nMemAvailable:   4194304 kB\nSwapFree:       1024 kB\n");
  }
  void TearDown() override { fs::remove_all(root); }

  void write(const fs::path& file, const std::string& text) const {
    fs::create_directories((root / file).parent_path());
    std::ofstream(root / file) << text;
  }

  void use_version_2(const std::string& group, const std::string& mount_root = "/") const {
    write("proc/self/cgroup", "0::" + group + "\n");
    write("proc/self/mountinfo", "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:26 " + mount_root +
                                     " /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  }

  void limit_version_2(const fs::path& group, const std::string& most, std::size_t used,
                       std::size_t cache) const {
    write("sys/fs/cgroup" / group / "memory.max", most + "\n");
    write("sys/fs/cgroup" / group / "memory.current", std::to_string(used) + "\n");
    write("sys/fs/cgroup" / group / "memory.stat", "anon 7\nfile 99\ninactive_file " +
                                                       std::to_string(cache / 2) + "\nactive_file " +
                                                       std::to_string(cache - cache / 2) + "\n");
  }

  fs::path root;
};

TEST_F(machine, without_control_groups_has_no_limit) {
  EXPECT_FALSE(memory_of_cgroup(root).has_value());
  EXPECT_EQ(available_memory(root), (4096 + 1) * mebibyte);
}

TEST_F(machine, of_version_2_is_limited_by_its_group) {
  use_version_2("/slurm/job_7");
  limit_version_2("slurm/job_7", std::to_string(1000 * mebibyte), 300 * mebibyte, 100 * mebibyte);
  const auto memory = memory_of_cgroup(root);
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->limit, 1000 * mebibyte);
  EXPECT_EQ(memory->available, 800 * mebibyte) << "file cache can be dropped";
  EXPECT_EQ(available_memory(root), 800 * mebibyte);
}

TEST_F(machine, is_limited_by_the_tightest_group_above) {
  use_version_2("/slurm/job_7/step_0/task");
  limit_version_2("slurm/job_7/step_0/task", "max", 300 * mebibyte, 0);
  limit_version_2("slurm/job_7/step_0", std::to_string(900 * mebibyte), 300 * mebibyte, 0);
  limit_version_2("slurm/job_7", std::to_string(1000 * mebibyte), 950 * mebibyte, 0);
  const auto memory = memory_of_cgroup(root);
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->limit, 900 * mebibyte);
  EXPECT_EQ(memory->available, 50 * mebibyte);
}

TEST_F(machine, with_memory_over_its_limit_has_none_available) {
  use_version_2("/job");
  limit_version_2("job", std::to_string(10 * mebibyte), 11 * mebibyte, 0);
  EXPECT_EQ(memory_of_cgroup(root)->available, 0U);
}

TEST_F(machine, in_a_container_sees_its_group_as_the_top) {
  // With the host's path in /proc/self/cgroup and the container's part of the tree mounted ...
  use_version_2("/docker/abc", "/docker/abc");
  limit_version_2("", std::to_string(64 * mebibyte), 0, 0);
  EXPECT_EQ(memory_of_cgroup(root)->limit, 64 * mebibyte);
  // ... and with a group namespace, whose paths may lie outside what is mounted.
  use_version_2("/../other");
  EXPECT_EQ(memory_of_cgroup(root)->limit, 64 * mebibyte);
}

TEST_F(machine, of_version_1_is_limited_by_its_memory_group) {
  write("proc/self/cgroup", "9:name=systemd:/x\n5:cpu,memory:/job\n0::/\n");
  write("proc/self/mountinfo",
        "30 22 0:26 / /sys/fs/cgroup/systemd rw - cgroup systemd rw,name=systemd\n"
        "31 22 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,cpu,memory\n");
  const fs::path top = "sys/fs/cgroup/memory";
  write(top / "memory.limit_in_bytes", "9223372036854771712\n");
  write(top / "memory.usage_in_bytes", "12345\n");
  EXPECT_FALSE(memory_of_cgroup(root).has_value()) << "that number means that there is no limit";

  write(top / "job/memory.limit_in_bytes", std::to_string(500 * mebibyte));
  write(top / "job/memory.usage_in_bytes", std::to_string(200 * mebibyte));
  write(top / "job/memory.stat",
        "inactive_file 1\ntotal_inactive_file " + std::to_string(50 * mebibyte) + "\ntotal_active_file 0\n");
  const auto memory = memory_of_cgroup(root);
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->limit, 500 * mebibyte);
  EXPECT_EQ(memory->available, 350 * mebibyte);
}

TEST_F(machine, tells_what_a_process_holds) {
  write("proc/self/smaps_rollup",
        "0-1 ---p 0 00:00 0 [rollup]\nRss: 2000 kB\nPss:   500 kB\nPss_Shmem: 9 kB\nAnonymous:  300 kB\n");
  write("proc/self/status", "Name:\tx\nVmHWM:\t 2500 kB\nRssFile:\t 700 kB\nVmRSS:\t 2000 kB\n");
  const process_memory memory = memory_of_this_process(root);
  EXPECT_EQ(memory.proportional, 500U * 1024);
  EXPECT_EQ(memory.shared, 9U * 1024);
  EXPECT_EQ(memory.file_backed, 700U * 1024);
  EXPECT_EQ(memory.anonymous, 300U * 1024);
  EXPECT_EQ(memory.resident, 2000U * 1024);
  EXPECT_EQ(memory.peak_resident, 2500U * 1024);
}

TEST(this_process, holds_what_it_touches) {
  const process_memory before = memory_of_this_process();
  constexpr std::size_t taken = 64 * mebibyte;
  const std::vector<char> memory(taken, 'x');
  const process_memory after = memory_of_this_process();
  EXPECT_GE(after.anonymous, before.anonymous + taken / 100 * 98 * std::size_t(memory[taken / 2] == 'x'));
  EXPECT_GE(after.proportional, before.proportional + taken / 100 * 98);
  EXPECT_GE(after.peak_resident, after.resident / 100 * 98);
}

TEST(this_machine, has_memory_and_space) {
  EXPECT_GT(available_memory(), mebibyte);
  EXPECT_GT(available_space("/"), 0U);
  try {
    available_space("/no such folder");
    FAIL();
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::cannot_create);
    EXPECT_NE(std::string(e.what()).find("/no such folder"), std::string::npos);
  }
}

}  // namespace
