#include "io/transpose.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace weir::io::test {
namespace {

/// Turns `rows` x `columns` numbered elements around that lie `at` elements behind a buffer's begin, into
/// memory that is larger, by `turn`, and looks at every element of it.
template <class T, class Turn>
std::size_t wrong_elements(Turn turn, std::size_t rows, std::size_t columns, std::size_t at,
                           std::size_t to_stride) {
  const std::size_t from_stride = columns + 3;
  std::vector<T> from(at + rows * from_stride);
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<T>(i % 30'011);
  const T guard = static_cast<T>(31'000);
  std::vector<T> to(at + (columns + 1) * to_stride, guard);
  turn(from.data() + at, from_stride, rows, columns, to.data() + at, to_stride);
  std::size_t wrong = static_cast<std::size_t>(std::count_if(
      to.begin(), to.begin() + static_cast<std::ptrdiff_t>(at), [=](T x) { return x != guard; }));
  for (std::size_t c = 0; c <= columns; ++c) {
    for (std::size_t r = 0; r < to_stride; ++r) {
      const bool inside = c < columns && r < rows;
      const T expected = inside ? from[at + r * from_stride + c] : guard;
      wrong += to[at + c * to_stride + r] != expected;
    }
  }
  return wrong;
}

template <class T>
std::size_t wrong_elements(std::size_t rows, std::size_t columns, std::size_t at) {
  return wrong_elements<T>(transpose<T>, rows, columns, at, rows + 5);
}

/// Rows of the result begin at the same place of a line each, as those of a window do, or all at other ones.
template <class T>
std::size_t wrong_past_caches(std::size_t rows, std::size_t columns, std::size_t at) {
  constexpr std::size_t line = 64 / sizeof(T);
  const std::size_t whole_lines = (rows / line + 1) * line;
  return wrong_elements<T>(transpose_past_caches<T>, rows, columns, at, whole_lines) +
         wrong_elements<T>(transpose_past_caches<T>, rows, columns, at, whole_lines + 1);
}

template <class T>
class transposed : public testing::Test {};

using types = testing::Types<std::int16_t, std::uint16_t, std::int32_t, float, double>;
TYPED_TEST_SUITE(transposed, types);

TYPED_TEST(transposed, has_every_element_of_any_small_shape) {
  for (std::size_t rows = 0; rows < 20; ++rows) {
    for (std::size_t columns = 0; columns < 20; ++columns) {
      EXPECT_EQ(wrong_elements<TypeParam>(rows, columns, rows % 3), 0U) << rows << " x " << columns;
    }
  }
}

TYPED_TEST(transposed, has_every_element_around_the_parts_it_is_cut_into) {
  for (const std::size_t rows : {1U, 31U, 64U, 65U, 130U}) {
    for (const std::size_t columns : {1U, 31U, 64U, 65U, 130U}) {
      EXPECT_EQ(wrong_elements<TypeParam>(rows, columns, 1), 0U) << rows << " x " << columns;
    }
  }
}

TYPED_TEST(transposed, has_every_element_past_the_caches) {
  for (const std::size_t rows : {0U, 1U, 7U, 8U, 31U, 32U, 33U, 64U, 100U, 130U}) {
    for (const std::size_t columns : {0U, 1U, 2U, 7U, 8U, 17U, 64U, 65U}) {
      for (std::size_t at = 0; at < 64 / sizeof(TypeParam); ++at) {
        EXPECT_EQ(wrong_past_caches<TypeParam>(rows, columns, at), 0U) << rows << " x " << columns;
      }
    }
  }
}

}  // namespace
}  // namespace weir::io::test
