#include <random>
#include <set>

#include <gtest/gtest.h>

#include <weir/block_set.hpp>

namespace weir {
namespace {

std::set<std::size_t> numbers(const block_set& set) {
  std::set<std::size_t> all;
  for (const index_range& range : set.ranges()) {
    for (std::size_t i = range.begin; i < range.end; ++i) EXPECT_TRUE(all.insert(i).second);
  }
  return all;
}

TEST(block_set, is_the_set_of_what_was_added) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    block_set set;
    std::set<std::size_t> expected;
    for (int i = 0; i < 8; ++i) {
      const std::size_t begin = random() % 40;
      const std::size_t end = begin + random() % 6;
      set.add({begin, end});
      for (std::size_t n = begin; n < end; ++n) expected.insert(n);
    }
    EXPECT_EQ(numbers(set), expected);
    EXPECT_EQ(set.size(), expected.size());
    for (std::size_t i = 1; i < set.ranges().size(); ++i) {
      EXPECT_LT(set.ranges()[i - 1].end, set.ranges()[i].begin);
    }

    std::set<std::size_t> rest;
    for (std::size_t n = 0; n < 42; ++n) {
      if (!expected.contains(n)) rest.insert(n);
    }
    EXPECT_EQ(numbers(set.complement(42)), rest);

    std::size_t place = 0;
    for (const std::size_t n : expected) EXPECT_EQ(set[place++], n);
  }
}

TEST(block_set, slices_by_place_are_a_partition_of_it) {
  block_set set({3, 9});
  set.add({20, 21});
  set.add({30, 34});
  for (const std::size_t parts : {1, 2, 3, 5, 20}) {
    block_set together;
    std::size_t count = 0;
    for (std::size_t part = 0; part < parts; ++part) {
      const block_set slice = set.slice(part_of(set.size(), parts, part));
      count += slice.size();
      together.add(slice);
    }
    EXPECT_EQ(count, set.size());
    EXPECT_EQ(together, set);
  }
}

}  // namespace
}  // namespace weir
