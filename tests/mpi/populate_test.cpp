#include "../../src/shm/populate.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace weir;

namespace {

const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));

/// Memory of a file that is shorter than it: beyond the file's end a store ends in SIGBUS, as in a window
/// whose file system is full.
class mapped_file {
 public:
  mapped_file(std::size_t file_pages, std::size_t mapped_pages)
      : descriptor_(::memfd_create("populate_test", 0)), bytes_(mapped_pages * page) {
    if (descriptor_ < 0 || ::ftruncate(descriptor_, static_cast<off_t>(file_pages * page)) != 0) return;
    void* const address = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
    if (address != MAP_FAILED) address_ = static_cast<std::byte*>(address);
  }
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file() {
    if (address_ != nullptr) ::munmap(address_, bytes_);
    ::close(descriptor_);
  }

  std::span<std::byte> memory() const { return {address_, address_ != nullptr ? bytes_ : 0}; }

  std::ptrdiff_t resident_pages() const {
    std::vector<unsigned char> pages(bytes_ / page);
    ::mincore(address_, bytes_, pages.data());
    return std::ranges::count_if(pages, [](unsigned char state) { return (state & 1U) != 0; });
  }

 private:
  int descriptor_;
  std::size_t bytes_;
  std::byte* address_ = nullptr;
};

class populating : public testing::TestWithParam<populate_method> {};

INSTANTIATE_TEST_SUITE_P(methods, populating,
                         testing::Values(populate_method::automatic, populate_method::madvise,
                                         populate_method::write));

TEST_P(populating, places_every_page) {
  const mapped_file file(20, 20);
  ASSERT_FALSE(file.memory().empty());
  ASSERT_EQ(file.resident_pages(), 0);
  EXPECT_TRUE(populate(file.memory().first(12 * page), GetParam()));
  EXPECT_EQ(file.resident_pages(), 12);
  EXPECT_TRUE(populate(file.memory(), GetParam()));
  EXPECT_EQ(file.resident_pages(), 20);
  EXPECT_TRUE(std::ranges::all_of(file.memory(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST_P(populating, places_the_pages_of_a_range_that_begins_and_ends_inside_them) {
  const mapped_file file(10, 10);
  ASSERT_FALSE(file.memory().empty());
  EXPECT_TRUE(populate(file.memory().subspan(2 * page + 100, 3 * page), GetParam()));
  EXPECT_EQ(file.resident_pages(), 4);
}

TEST_P(populating, returns_false_where_a_store_would_end_the_process) {
  const mapped_file file(5, 20);
  ASSERT_FALSE(file.memory().empty());
  EXPECT_FALSE(populate(file.memory(), GetParam()));
  EXPECT_TRUE(populate(file.memory().first(5 * page), GetParam()));
}

TEST_P(populating, has_nothing_to_do_for_no_memory) {
  EXPECT_TRUE(populate({}, GetParam()));
}

}  // namespace
