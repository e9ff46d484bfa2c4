#include <random>
#include <set>

#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

template <class A>
class row_filter_long_taps : public testing::Test {
 protected:
  /// A few samples on both sides of every cut between segments, the row's ends, and some anywhere.
  std::set<std::size_t> places_to_look_at(std::size_t length, std::size_t pair, std::size_t segment) {
    std::set<std::size_t> places;
    for (std::size_t begin = 0; begin <= length; begin += pair) {
      for (const std::size_t cut : {begin, begin + segment}) {
        for (std::size_t i = cut < 3 ? 0 : cut - 3; i < std::min(cut + 3, length); ++i) places.insert(i);
      }
    }
    for (std::size_t i = length - std::min<std::size_t>(length, 3); i < length; ++i) places.insert(i);
    for (int i = 0; i < 20; ++i) {
      places.insert(std::uniform_int_distribution<std::size_t>(0, length - 1)(random_));
    }
    return places;
  }

  std::mt19937 random_{41};
};
TYPED_TEST_SUITE(row_filter_long_taps, every_arithmetic);

TYPED_TEST(row_filter_long_taps, agree_with_the_exact_sum_at_random_lengths_around_every_segment) {
  using A = TypeParam;
  for (const filter_spec& spec : {filter_spec{oracle::random_symmetric_taps(401, 31), 200},
                                  filter_spec{oracle::random_taps(1025, 32), 1024},
                                  filter_spec{oracle::random_symmetric_taps(3301, 33), 1650},
                                  filter_spec{oracle::random_taps(6600, 34), 77}}) {
    for (const instruction_set set : available_instruction_sets()) {
      const row_filter<A> filter(spec, method::fft, set);
      ASSERT_LE(filter.fft_size(), 32768U);
      const std::size_t segment =
          filter.fft_size() - filter.before();  // the first of a pair, and its outputs
      for (const std::size_t end : {std::size_t{0}, segment, filter.grid(), filter.grid() + segment,
                                    2 * filter.grid(), 2 * filter.grid() + segment}) {
        const std::size_t more = std::uniform_int_distribution<std::size_t>(1, 80)(this->random_);
        const std::size_t length = end == 0 ? more : end + more - 40;
        const boundary edge{length % 2 == 0 ? boundary_mode::mirror : boundary_mode::reflect};
        const std::vector<A> row = oracle::random_row<A>(length, static_cast<std::uint32_t>(length));
        const std::vector<long double> exact = oracle::exact(row);
        const std::vector<A> out = filtered(filter, edge, row);
        for (const std::size_t i : this->places_to_look_at(length, filter.grid(), segment)) {
          const long double expected = oracle::filtered_sample(spec, edge, exact, i);
          ASSERT_LE(std::abs(static_cast<long double>(out[i]) - expected), tolerance<A>)
              << spec.taps.size() << " taps on " << name_of(set) << ", sample " << i << " of " << length;
        }
      }
    }
  }
}

}  // namespace
}  // namespace weir::fir
