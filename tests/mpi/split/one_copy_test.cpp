#include <algorithm>
#include <cstddef>
#include <fstream>
#include <numeric>
#include <string>

#include "split_fixture.hpp"

using namespace weir;

namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr std::size_t array_bytes = 64 * mebibyte;

/// What heap and buffers may change by while a test runs; a second copy of the array is several times this.
constexpr std::size_t margin_bytes = 24 * mebibyte;

class one_copy : public splits {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizer's own memory grows with what is touched";
#endif
  }

  /// Memory of all ranks, with what they share counted once: their proportional set sizes. Without files that
  /// are mapped, whose share changes with what other programs map.
  std::size_t used_bytes() const {
    world.barrier();
    std::ifstream rollup("/proc/self/smaps_rollup");
    std::size_t kibibytes = 0;
    for (std::string word; rollup >> word;) {
      std::size_t part = 0;
      if ((word == "Pss_Anon:" || word == "Pss_Shmem:") && rollup >> part) kibibytes += part;
    }
    return world.all_reduce(kibibytes * 1024, reduction::sum);
  }

  shared_array<double> filled() const {
    shared_array<double> array(domain, {1024, array_bytes / sizeof(double) / 1024});
    split_at([](auto& rows) { rows.fill(3.0); })(array);
    return array;
  }

  std::size_t before = used_bytes();
};
INSTANTIATE_TEST_SUITE_P(domains, one_copy, testing::Values("node"), name_of_choice);

TEST_P(one_copy, serves_ranks_that_read) {
  const shared_array<double> array = filled();
  const double sum = world.all_reduce(std::accumulate(array.elements().begin(), array.elements().end(), 0.0),
                                      reduction::sum);
  EXPECT_EQ(sum, 3.0 * double(array.size()) * double(ranks));
  const std::size_t grown = used_bytes() - before;
  EXPECT_GE(grown + margin_bytes, array_bytes);
  EXPECT_LE(grown, array_bytes + margin_bytes);
}

TEST_P(one_copy, keeps_what_all_ranks_add_in_place) {
  shared_array<double> array = filled();
  split_at([](auto& rows) { rows += 1.0; })(array);
  const std::size_t grown = used_bytes() - before;
  EXPECT_GE(grown + margin_bytes, array_bytes);
  EXPECT_LE(grown, array_bytes + margin_bytes);
  EXPECT_TRUE(std::ranges::all_of(array.elements(), [](double value) { return value == 4.0; }));
}

TEST_P(one_copy, has_an_output_beside_it) {
  const shared_array<double> array = filled();
  shared_array<double> result(domain, array.shape());
  const auto square = [](const auto& rows, auto& squares) { squares = rows * rows; };
  split_at<0, 1>(square)(array, result);
  const std::size_t grown = used_bytes() - before;
  EXPECT_GE(grown + margin_bytes, 2 * array_bytes);
  EXPECT_LE(grown, 2 * array_bytes + margin_bytes);
  EXPECT_TRUE(std::ranges::all_of(result.elements(), [](double value) { return value == 9.0; }));
}

}  // namespace
