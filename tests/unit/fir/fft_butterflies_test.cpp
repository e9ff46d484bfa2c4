#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "fft/butterflies.hpp"
#include "fft/transpose.hpp"
#include "naive_dft.hpp"

namespace weir::fir {
namespace {

using simd::complex_vec;

template <class K>
class fft_butterflies : public testing::Test {
 protected:
  using T = typename K::number;
  using Isa = typename K::isa;
  static constexpr std::size_t lanes = simd::vec<T, Isa>::lanes;
  static constexpr long double epsilon = std::numeric_limits<T>::epsilon();

  template <std::size_t size, direction d>
  static void dft_columns(const complex_vec<T, Isa>* x, complex_vec<T, Isa> (*y)[simd::columns_of<size>]) {
    constexpr std::size_t columns = simd::columns_of<size>;
    for (std::size_t c = 0; c < columns; ++c) {
      complex_vec<T, Isa> column[4];
      for (std::size_t t = 0; t < 4; ++t) column[t] = x[c + columns * t];
      simd::dft_column<d>(column);
      for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
    }
  }

  template <std::size_t size, direction d>
  static void dft_of_columns_and_rows(complex_vec<T, Isa>* x) {
    complex_vec<T, Isa> y[4][simd::columns_of<size>];
    dft_columns<size, d>(x, y);
    for (std::size_t r = 0; r < 4; ++r) {
      simd::dft_row<size, d>(r, y[r]);
      for (std::size_t k = 0; k < simd::columns_of<size>; ++k) x[r + 4 * k] = y[r][k];
    }
  }

  template <direction d>
  static void dft_of_rows_and_columns(complex_vec<T, Isa>* x) {
    complex_vec<T, Isa> y[4][2];
    for (std::size_t r = 0; r < 4; ++r) {
      for (std::size_t k = 0; k < 2; ++k) y[r][k] = x[r + 4 * k];
      simd::dft_row_first<d>(r, y[r]);
    }
    for (std::size_t c = 0; c < 2; ++c) {
      simd::dft4<d>(y[0][c], y[1][c], y[2][c], y[3][c]);
      for (std::size_t t = 0; t < 4; ++t) x[c + 2 * t] = y[t][c];
    }
  }

  /// What `dft` makes of random numbers, against the definition in each lane.
  template <std::size_t size, direction d>
  static void expect_dft(const auto& dft) {
    constexpr long double error = 4 * size * epsilon;
    complex_vec<T, Isa> x[size];
    std::vector<std::vector<exact>> in(lanes, std::vector<exact>(size));
    for (std::size_t n = 0; n < size; ++n) {
      const auto values = random_complex(lanes, static_cast<std::uint32_t>(n));
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        in[lane][n] = values[lane];
        x[n].re.v[lane] = static_cast<T>(values[lane].real());
        x[n].im.v[lane] = static_cast<T>(values[lane].imag());
      }
    }
    dft(x);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto expected = naive_dft(in[lane], d);
      for (std::size_t k = 0; k < size; ++k) {
        EXPECT_LT(std::abs(exact(x[k].re.v[lane], x[k].im.v[lane]) - expected[k]), error)
            << "size " << size << ", frequency " << k << ", lane " << lane;
      }
    }
  }
};

TYPED_TEST_SUITE(fft_butterflies, every_kind);

TYPED_TEST(fft_butterflies, are_the_definition) {
  const auto expect_both_directions = []<std::size_t size>(std::integral_constant<std::size_t, size>) {
    using enum direction;
    TestFixture::template expect_dft<size, forward>(
        &TestFixture::template dft_of_columns_and_rows<size, forward>);
    TestFixture::template expect_dft<size, inverse>(
        &TestFixture::template dft_of_columns_and_rows<size, inverse>);
    if constexpr (size == 8) {
      TestFixture::template expect_dft<size, forward>(
          &TestFixture::template dft_of_rows_and_columns<forward>);
      TestFixture::template expect_dft<size, inverse>(
          &TestFixture::template dft_of_rows_and_columns<inverse>);
    }
  };
  expect_both_directions(std::integral_constant<std::size_t, 4>());
  expect_both_directions(std::integral_constant<std::size_t, 8>());
}

TYPED_TEST(fft_butterflies, transposition_swaps_rows_and_units) {
  using number = typename TypeParam::number;
  using isa = typename TypeParam::isa;
  constexpr std::size_t units = simd::units_of_register<isa>;
  constexpr std::size_t width = unit_lanes<number>;
  const auto value = [](std::size_t row, std::size_t unit, std::size_t lane) {
    return static_cast<number>(100 * row + 10 * unit + lane);
  };
  simd::vec<number, isa> rows[units];
  for (std::size_t r = 0; r < units; ++r) {
    for (std::size_t i = 0; i < units * width; ++i) rows[r].v[i] = value(r, i / width, i % width);
  }
  simd::transpose_units(rows);
  for (std::size_t r = 0; r < units; ++r) {
    for (std::size_t i = 0; i < units * width; ++i) EXPECT_EQ(rows[r].v[i], value(i / width, r, i % width));
  }
}

}  // namespace
}  // namespace weir::fir
