#include <random>
#include <set>

#include <gtest/gtest.h>

#include <weir/jobs/philox.hpp>

using namespace weir;

namespace {

using block = philox::block;

TEST(philox, gives_the_published_blocks) {
  // The known answers for philox4x32 with 10 rounds that come with the authors' library Random123.
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox::encrypt({0, 0, 0, 0}, {0, 0}), (block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox::encrypt({ones, ones, ones, ones}, {ones, ones}),
            (block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox::encrypt({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(philox, hands_out_the_blocks_of_its_counter_in_halves) {
  philox numbers(0x299f31d0a4093822, 0x0370734413198a2e, 5);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const block words = philox::encrypt({i, 5, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
    EXPECT_EQ(numbers(), words[0] | std::uint64_t{words[1]} << 32);
    EXPECT_EQ(numbers(), words[2] | std::uint64_t{words[3]} << 32);
  }
}

TEST(philox, differs_by_seed_stream_and_index) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t stream = 0; stream < 10; ++stream) {
      for (std::uint32_t index = 0; index < 10; ++index) firsts.insert(philox(seed, stream, index)());
    }
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(philox, feeds_the_standard_distributions) {
  static_assert(std::uniform_random_bit_generator<philox>);
  philox numbers(1, 2, 3);
  std::uniform_real_distribution<double> uniform;
  constexpr int count = 100000;
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += uniform(numbers);
  // The mean's deviation is sqrt(1/12/count) = 0.0009.
  EXPECT_NEAR(sum / count, 0.5, 0.005);
}

}  // namespace
