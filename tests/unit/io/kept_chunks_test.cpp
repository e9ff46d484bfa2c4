#include "io/kept_chunks.hpp"

#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace weir::io::test {
namespace {

/// A cache that notes what it unpacks.
class noting_cache {
 public:
  explicit noting_cache(std::size_t most) : chunks_(most, 2) {}

  /// Whether the chunk had to be unpacked.
  bool unpacks(kept_chunks::corner which) {
    bool did = false;
    const std::span<const std::byte> bytes = chunks_.get(which, [&](std::byte* image) {
      did = true;
      image[0] = std::byte(which.first);
      image[1] = std::byte(which.second);
    });
    EXPECT_EQ(bytes.size(), 2U);
    EXPECT_EQ(bytes[0], std::byte(which.first));
    EXPECT_EQ(bytes[1], std::byte(which.second));
    return did;
  }

  void fail(kept_chunks::corner which) {
    EXPECT_THROW(chunks_.get(which, [](std::byte*) { throw std::runtime_error("damaged"); }),
                 std::runtime_error);
  }

 private:
  kept_chunks chunks_;
};

TEST(kept_chunks, drops_what_was_not_asked_for_longest) {
  noting_cache cache(3);
  for (const auto& first : {kept_chunks::corner{0, 0}, {0, 1}, {1, 0}}) {
    EXPECT_TRUE(cache.unpacks(first));
  }
  EXPECT_FALSE(cache.unpacks({0, 0}));
  EXPECT_TRUE(cache.unpacks({5, 5}));
  EXPECT_FALSE(cache.unpacks({0, 0}));
  EXPECT_FALSE(cache.unpacks({1, 0}));
  EXPECT_TRUE(cache.unpacks({0, 1})) << "it made room";
}

TEST(kept_chunks, keeps_one_at_least) {
  noting_cache cache(0);
  EXPECT_TRUE(cache.unpacks({0, 0}));
  EXPECT_FALSE(cache.unpacks({0, 0}));
  EXPECT_TRUE(cache.unpacks({0, 1}));
  EXPECT_TRUE(cache.unpacks({0, 0}));
}

TEST(kept_chunks, do_not_keep_what_could_not_be_unpacked) {
  noting_cache cache(1);
  EXPECT_TRUE(cache.unpacks({0, 0}));
  cache.fail({0, 1});
  EXPECT_TRUE(cache.unpacks({0, 1}));
  EXPECT_FALSE(cache.unpacks({0, 1}));
}

}  // namespace
}  // namespace weir::io::test
