#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "fft/lane_steps.hpp"
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
  static constexpr std::size_t side = simd::lanes_of_order<T>;
  static constexpr long double epsilon = std::numeric_limits<T>::epsilon();

  template <std::size_t size, direction d>
  static void dft_columns(const complex_vec<T, Isa>* x, complex_vec<T, Isa> (*y)[simd::columns_of<size>]) {
    constexpr std::size_t columns = simd::columns_of<size>;
    for (std::size_t c = 0; c < columns; ++c) {
      complex_vec<T, Isa> column[4];
      for (std::size_t t = 0; t < 4; ++t) column[t] = x[c + columns * t];
      simd::dft_column<size, d>(c, column);
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

  /// The columns behind rows that came first.
  template <std::size_t size, direction d>
  static void finish_rows_first(complex_vec<T, Isa> (*y)[simd::columns_of<size>], complex_vec<T, Isa>* x) {
    constexpr std::size_t columns = simd::columns_of<size>;
    for (std::size_t c = 0; c < columns; ++c) {
      simd::dft4<d>(y[0][c], y[1][c], y[2][c], y[3][c]);
      for (std::size_t t = 0; t < 4; ++t) x[c + columns * t] = y[t][c];
    }
  }

  template <std::size_t size, direction d>
  static void dft_of_rows_and_columns(complex_vec<T, Isa>* x) {
    constexpr std::size_t columns = simd::columns_of<size>;
    complex_vec<T, Isa> y[4][columns];
    for (std::size_t r = 0; r < 4; ++r) {
      for (std::size_t k = 0; k < columns; ++k) y[r][k] = x[r + 4 * k];
      simd::dft_row_first<size, d>(r, y[r]);
    }
    finish_rows_first<size, d>(y, x);
  }

  /// What `change` makes of random numbers, against `expected_of` in each lane.
  template <std::size_t size>
  static void expect_in_every_lane(const auto& change, const auto& expected_of) {
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
    change(x);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto expected = expected_of(in[lane], lane);
      for (std::size_t k = 0; k < size; ++k) {
        EXPECT_LT(std::abs(exact(x[k].re.v[lane], x[k].im.v[lane]) - expected[k]), error)
            << "size " << size << ", frequency " << k << ", lane " << lane;
      }
    }
  }

  template <std::size_t size, direction d>
  static void expect_dft(const auto& dft) {
    expect_in_every_lane<size>(dft, [](const std::vector<exact>& x, std::size_t) { return naive_dft(x, d); });
  }

  /// Rows with a real response between them and back, against the definition.
  static void expect_response_between_rows() {
    std::vector<std::vector<exact>> gain(side);  // of each frequency and slot
    for (std::size_t p = 0; p < side; ++p) gain[p] = random_complex(side, static_cast<std::uint32_t>(50 + p));
    std::vector<T> response;
    for (const bool difference : {false, true}) {
      for (std::size_t p = 0; p < side / 2; ++p) {
        const long double size =
            difference && turned_by_odd_eighths(p) ? std::numbers::sqrt2_v<long double> / 2 : 1.0L;
        for (std::size_t slot = 0; slot < side; ++slot) {
          const long double low = gain[p][slot].real();
          const long double high = gain[p + side / 2][slot].real();
          response.push_back(static_cast<T>(size * (difference ? low - high : low + high)));
        }
      }
    }
    expect_in_every_lane<side>(
        [&](complex_vec<T, Isa>* x) {
          complex_vec<T, Isa> y[4][simd::columns_of<side>];
          dft_columns<side, direction::forward>(x, y);
          for (std::size_t r = 0; r < 4; ++r) simd::respond_to_row(r, y[r], 0, response.data());
          finish_rows_first<side, direction::inverse>(y, x);
        },
        [&](const std::vector<exact>& x, std::size_t slot) {
          std::vector<exact> spectrum = naive_dft(x, direction::forward);
          for (std::size_t p = 0; p < side; ++p) spectrum[p] *= gain[p][slot].real();
          return naive_dft(spectrum, direction::inverse);
        });
  }

  /// Whether the pair p, p + side / 2 is turned by an odd number of eighths: of a transform of eight the
  /// odd ones, of sixteen none.
  static bool turned_by_odd_eighths(std::size_t p) { return side == 8 && p % 2 != 0; }
};

TYPED_TEST_SUITE(fft_butterflies, every_kind);

TYPED_TEST(fft_butterflies, are_the_definition) {
  const auto expect_both_directions = []<std::size_t size>(std::integral_constant<std::size_t, size>) {
    using enum direction;
    TestFixture::template expect_dft<size, forward>(
        &TestFixture::template dft_of_columns_and_rows<size, forward>);
    TestFixture::template expect_dft<size, inverse>(
        &TestFixture::template dft_of_columns_and_rows<size, inverse>);
    if constexpr (size > 4) {
      TestFixture::template expect_dft<size, forward>(
          &TestFixture::template dft_of_rows_and_columns<size, forward>);
      TestFixture::template expect_dft<size, inverse>(
          &TestFixture::template dft_of_rows_and_columns<size, inverse>);
    }
  };
  expect_both_directions(std::integral_constant<std::size_t, 4>());
  expect_both_directions(std::integral_constant<std::size_t, 8>());
  expect_both_directions(std::integral_constant<std::size_t, 16>());
}

TYPED_TEST(fft_butterflies, a_real_response_between_rows_is_the_definition) {
  TestFixture::expect_response_between_rows();
}

TYPED_TEST(fft_butterflies, transposition_swaps_rows_and_lanes) {
  using number = typename TypeParam::number;
  constexpr std::size_t width = TestFixture::lanes;
  simd::vec<number, typename TypeParam::isa> rows[width];
  for (std::size_t r = 0; r < width; ++r) {
    for (std::size_t c = 0; c < width; ++c) rows[r].v[c] = static_cast<number>(100 * r + c);
  }
  simd::transpose(rows);
  for (std::size_t r = 0; r < width; ++r) {
    for (std::size_t c = 0; c < width; ++c) EXPECT_EQ(rows[r].v[c], static_cast<number>(100 * c + r));
  }
}

}  // namespace
}  // namespace weir::fir
