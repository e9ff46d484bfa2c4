#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <weir/fir/instruction_set.hpp>

#include "emulated_kernels.hpp"
#include "oracle.hpp"

namespace weir::fir {
namespace {

template <class A>
class dealing : public testing::Test {
 protected:
  static void with_every_width(const auto& test) {
    for (const instruction_set set : available_instruction_sets()) {
      SCOPED_TRACE(name_of(set));
      test(kernels_for<A>(set));
      if (testing::Test::HasFailure()) return;
    }
    SCOPED_TRACE("the widest registers, emulated");
    test(emulated::wide_kernels<A>());
  }

  /// Room behind a stream's numbers, which stay as they are.
  static constexpr std::size_t beyond = 3;
  static constexpr A untouched{-7};

  template <class S>
  static void expect_dealt(const kernel_set<A>& kernels, std::size_t streams, std::size_t columns) {
    const std::vector<S> row = oracle::random_row<S>(streams * columns, 3);
    const std::size_t stride = columns + beyond;
    std::vector<A> out(streams * stride, untouched);
    EXPECT_EQ(kernels.template samples<S>().deal_out(row.data(), streams, columns, out.data(), stride), 0U);
    for (std::size_t r = 0; r < streams; ++r) {
      for (std::size_t i = 0; i < stride; ++i) {
        const A expected = i < columns ? static_cast<A>(row[i * streams + r]) : untouched;
        ASSERT_EQ(out[r * stride + i], expected) << streams << " streams, number " << i << " of " << r;
      }
    }
  }
};

using every_arithmetic = testing::Types<double, float>;
TYPED_TEST_SUITE(dealing, every_arithmetic);

TYPED_TEST(dealing, gives_each_stream_its_samples_and_touches_nothing_else) {
  this->with_every_width([&](const kernel_set<TypeParam>& kernels) {
    for (const std::size_t streams : {1, 2, 3, 4, 5, 7, 10, 16, 33}) {
      for (const std::size_t columns : {0, 1, 15, 16, 17, 48}) {
        this->template expect_dealt<TypeParam>(kernels, streams, columns);
        this->template expect_dealt<std::int16_t>(kernels, streams, columns);
        this->template expect_dealt<double>(kernels, streams, columns);
      }
    }
  });
}

TYPED_TEST(dealing, counts_what_is_not_finite_once) {
  using number = TypeParam;
  this->with_every_width([&](const kernel_set<number>& kernels) {
    for (const std::size_t streams : {1, 2, 3, 5, 10}) {
      const std::size_t columns = 21;
      std::vector<number> out(streams * columns);
      for (std::size_t at = 0; at < streams * columns; ++at) {
        std::vector<number> row(streams * columns, std::numeric_limits<number>::max());
        row[at] =
            at % 2 == 0 ? std::numeric_limits<number>::quiet_NaN() : -std::numeric_limits<number>::infinity();
        ASSERT_EQ(
            kernels.template samples<number>().deal_out(row.data(), streams, columns, out.data(), columns),
            1U)
            << streams << " streams, sample " << at;
      }
    }
  });
}

}  // namespace
}  // namespace weir::fir
