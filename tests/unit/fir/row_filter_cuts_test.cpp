#include <cstring>
#include <span>
#include <utility>

#include <weir/error.hpp>

#include "row_filter_cases.hpp"

namespace weir::fir {
namespace {

template <class T>
class row_filter_cuts : public testing::Test {};
TYPED_TEST_SUITE(row_filter_cuts, every_type);

template <class A>
class row_filter_edges : public testing::Test {};
TYPED_TEST_SUITE(row_filter_edges, every_arithmetic);

/// The extended row's samples of a piece's neighbourhood, as a caller that cuts rows gathers them.
template <class A, class S>
std::vector<A> context(const boundary& edge, const std::vector<S>& row, std::ptrdiff_t first,
                       std::size_t count) {
  std::vector<A> out(count);
  extend<S, A>(edge, row.size(), {row.data(), 0, row.size()}, first, out);
  return out;
}

template <class S>
bool same_bits(const std::vector<S>& a, const std::vector<S>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(S)) == 0;
}

/// Filters a row cut in two at every place of the grid, in place and not.
template <class S, class A>
void expect_the_same_bits_at_every_cut(const row_filter<A>& filter) {
  const std::size_t grid = filter.grid();
  const std::size_t length = grid == 1 ? 333 : 3 * grid + grid / 2 + 5;
  const boundary edge{boundary_mode::reflect};
  const std::vector<S> row = oracle::random_row<S>(length, 14);
  const std::vector<S> whole = filtered(filter, edge, row);
  auto work = filter.make_scratch();
  for (std::size_t cut = grid; cut < length; cut += grid) {
    for (const bool in_place : {true, false}) {
      std::vector<S> out = in_place ? row : std::vector<S>(length);
      for (const auto& [begin, end] : {std::pair{std::size_t{0}, cut}, std::pair{cut, length}}) {
        const auto before = context<A>(
            edge, row, static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(filter.before()),
            filter.before());
        const auto after = context<A>(edge, row, static_cast<std::ptrdiff_t>(end), filter.after());
        const std::span<S> piece = std::span<S>(out).subspan(begin, end - begin);
        const std::span<const S> in = in_place ? piece : std::span<const S>(row).subspan(begin, end - begin);
        filter(before, in, after, piece, work);
      }
      ASSERT_TRUE(same_bits(out, whole)) << "cut at " << cut << (in_place ? ", in place" : ", out of place");
    }
  }
}

TYPED_TEST(row_filter_cuts, cuts_on_the_grid_do_not_change_a_bit) {
  using A = typename TypeParam::arithmetic;
  for (const filter_spec& spec :
       {filter_spec{oracle::random_symmetric_taps(31, 12), 15}, filter_spec{oracle::random_taps(40, 13), 3},
        filter_spec{oracle::random_taps(17, 16), 10}}) {
    on_every_engine<A>(spec, [](const row_filter<A>& filter) {
      expect_the_same_bits_at_every_cut<typename TypeParam::storage>(filter);
    });
  }
}

// Pairs of long transforms share a pass with the next one, where a cut does not part them.
TYPED_TEST(row_filter_cuts, cuts_between_long_transforms_do_not_change_a_bit) {
  using A = typename TypeParam::arithmetic;
  for (const filter_spec& spec : {filter_spec{oracle::random_symmetric_taps(1025, 17), 512},
                                  filter_spec{oracle::random_taps(1500, 18), 20}}) {
    for (const instruction_set set : available_instruction_sets()) {
      SCOPED_TRACE(std::string(name_of(set)) + ", " + std::to_string(spec.taps.size()) + " taps");
      expect_the_same_bits_at_every_cut<typename TypeParam::storage>(row_filter<A>(spec, method::fft, set));
    }
  }
}

TYPED_TEST(row_filter_cuts, larger_contexts_than_wanted_change_nothing) {
  using A = typename TypeParam::arithmetic;
  using S = typename TypeParam::storage;
  const filter_spec spec{oracle::random_taps(21, 15), 10};
  on_every_engine<A>(spec, [&](const row_filter<A>& filter) {
    const boundary edge{boundary_mode::mirror};
    const std::vector<S> row = oracle::random_row<S>(500, 16);
    const std::size_t more = 37;
    const auto before =
        context<A>(edge, row, -static_cast<std::ptrdiff_t>(filter.before() + more), filter.before() + more);
    const auto after = context<A>(edge, row, 500, filter.after() + more);
    std::vector<S> out(row.size());
    auto work = filter.make_scratch();
    filter(before, std::span<const S>(row), after, std::span<S>(out), work);
    EXPECT_TRUE(same_bits(out, filtered(filter, edge, row)));
    EXPECT_THROW(filter(std::span<const A>(before).first(filter.before() - 1), std::span<const S>(row),
                        std::span<const A>(after), std::span<S>(out), work),
                 error);
  });
}

TYPED_TEST(row_filter_edges, an_empty_row_is_left_alone) {
  const row_filter<TypeParam> filter({{0.25, 0.5, 0.25}, 1});
  auto work = filter.make_scratch();
  EXPECT_EQ(filter_row<TypeParam>(filter, {}, std::span<float>(), work), row_counts{});
}

TEST(row_filter, taps_that_float_cannot_hold_are_a_usage_error) {
  EXPECT_THROW(row_filter<float>({{1e39}, 0}), error);
  EXPECT_NO_THROW(row_filter<double>({{1e39}, 0}));
}

TEST(row_filter, scratch_grows_with_the_taps_alone) {
  for (const method how : {method::direct, method::fft}) {
    for (const std::size_t taps : {1, 101, 1001, 10001}) {
      const row_filter<double> filter({oracle::random_taps(taps, 28), 0}, how);
      EXPECT_LE(filter.make_scratch().bytes(), 200 * sizeof(double) * (taps + 1024)) << taps;
    }
  }
}

}  // namespace
}  // namespace weir::fir
