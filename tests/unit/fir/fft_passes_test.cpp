#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "emulated.hpp"
#include "fft/passes.hpp"
#include "fft/transform_plan.hpp"
#include "fft/transpose.hpp"
#include "oracle.hpp"

namespace weir::fir {
namespace {

using exact = std::complex<long double>;
using simd::complex_vec;
using simd::direction;

exact root(long double part, long double whole, direction d) {
  const long double angle = 2 * std::numbers::pi_v<long double> * part / whole;
  return {std::cos(angle), d == direction::forward ? -std::sin(angle) : std::sin(angle)};
}

/// The definition, term by term.
std::vector<exact> naive_dft(const std::vector<exact>& x, direction d) {
  std::vector<exact> y(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    for (std::size_t n = 0; n < x.size(); ++n) {
      y[k] += x[n] * root(static_cast<long double>(n * k % x.size()), static_cast<long double>(x.size()), d);
    }
  }
  return y;
}

std::vector<exact> random_complex(std::size_t count, std::uint32_t seed) {
  const auto re = oracle::random_row<float>(count, seed);
  const auto im = oracle::random_row<float>(count, seed + 1000);
  std::vector<exact> x(count);
  for (std::size_t i = 0; i < count; ++i) x[i] = {re[i], im[i]};
  return x;
}

TEST(exact_transform, is_the_definition) {
  for (const std::size_t n : {1, 2, 8, 64, 256}) {
    const auto x = random_complex(n, 1);
    const auto y = exact_transform(x, roots_of_unity(n));
    const auto expected = naive_dft(x, direction::forward);
    for (std::size_t k = 0; k < n; ++k)
      EXPECT_LT(std::abs(y[k] - expected[k]), 1e-16L * static_cast<long double>(n)) << n;
  }
}

template <class T, class I>
struct kind {
  using number = T;
  using isa = I;
};

template <class K>
class fft_passes : public testing::Test {
 protected:
  using T = typename K::number;
  using Isa = typename K::isa;
  static constexpr std::size_t lanes = simd::vec<T, Isa>::lanes;
  static constexpr std::size_t side = simd::lanes_of_order<T>;
  static constexpr long double epsilon = std::numeric_limits<T>::epsilon();

  template <std::size_t size, direction d>
  static void dft_of_columns_and_rows(complex_vec<T, Isa>* x) {
    constexpr std::size_t columns = simd::columns_of<size>;
    complex_vec<T, Isa> y[4][columns];
    for (std::size_t c = 0; c < columns; ++c) {
      complex_vec<T, Isa> column[4];
      for (std::size_t t = 0; t < 4; ++t) column[t] = x[c + columns * t];
      simd::dft_column<size, d>(c, column);
      for (std::size_t r = 0; r < 4; ++r) y[r][c] = column[r];
    }
    for (std::size_t r = 0; r < 4; ++r) {
      simd::dft_row<size, d>(r, y[r]);
      for (std::size_t k = 0; k < columns; ++k) x[r + 4 * k] = y[r][k];
    }
  }

  template <std::size_t size, direction d>
  static void expect_dft() {
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
    dft_of_columns_and_rows<size, d>(x);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto expected = naive_dft(in[lane], d);
      for (std::size_t k = 0; k < size; ++k) {
        EXPECT_LT(std::abs(exact(x[k].re.v[lane], x[k].im.v[lane]) - expected[k]), 4 * size * epsilon)
            << "size " << size << ", frequency " << k << ", lane " << lane;
      }
    }
  }

  /// A work buffer's slots.
  static void put(std::vector<T>& work, std::size_t slot, std::size_t lane, exact value) {
    work[simd::slot_offset<T>(slot) + lane] = static_cast<T>(value.real());
    work[simd::slot_offset<T>(slot) + side + lane] = static_cast<T>(value.imag());
  }
  static exact get(const std::vector<T>& work, std::size_t slot, std::size_t lane) {
    return {work[simd::slot_offset<T>(slot) + lane], work[simd::slot_offset<T>(slot) + side + lane]};
  }

  /// What a butterfly leg holds after decimation in frequency: the sum over the legs, times the twiddle.
  static exact decimated(const std::vector<exact>& x, std::size_t radix, std::size_t j, std::size_t t) {
    const std::size_t apart = x.size() / radix;
    exact sum = 0;
    for (std::size_t r = 0; r < radix; ++r) {
      sum += x[j + r * apart] * root(static_cast<long double>(r * t % radix), static_cast<long double>(radix),
                                     direction::forward);
    }
    return sum *
           root(static_cast<long double>(j * t), static_cast<long double>(x.size()), direction::forward);
  }

  template <std::size_t radix>
  static void expect_slot_pass(std::size_t size, std::size_t slots) {
    std::vector<T> twiddles;
    for (std::size_t j = 0; j < size / radix; ++j) {
      for (std::size_t t = 1; t < radix; ++t) {
        const exact w =
            root(static_cast<long double>(j * t), static_cast<long double>(size), direction::forward);
        twiddles.push_back(static_cast<T>(w.real()));
        twiddles.push_back(static_cast<T>(w.imag()));
      }
    }
    const transform_pass<T> pass{radix, size, twiddles.data()};
    std::vector<T> work(simd::slot_offset<T>(slots));
    std::vector<std::vector<exact>> x(side);
    for (std::size_t lane = 0; lane < side; ++lane) {
      x[lane] = random_complex(slots, static_cast<std::uint32_t>(lane));
      for (std::size_t slot = 0; slot < slots; ++slot) put(work, slot, lane, x[lane][slot]);
    }
    for (std::size_t first = 0; first < slots; first += size) {
      simd::slot_pass_of_any_radix<direction::forward, Isa>(pass, first, work.data());
    }
    for (std::size_t lane = 0; lane < side; ++lane) {
      for (std::size_t block = 0; block < slots; block += size) {
        const std::vector<exact> part(x[lane].begin() + static_cast<std::ptrdiff_t>(block),
                                      x[lane].begin() + static_cast<std::ptrdiff_t>(block + size));
        for (std::size_t i = 0; i < size; ++i) {
          const exact expected = decimated(part, radix, i % (size / radix), i / (size / radix));
          ASSERT_LT(std::abs(get(work, block + i, lane) - expected), 40 * epsilon) << i;
        }
      }
    }
    for (std::size_t first = 0; first < slots; first += size) {
      simd::slot_pass_of_any_radix<direction::inverse, Isa>(pass, first, work.data());
    }
    for (std::size_t lane = 0; lane < side; ++lane) {
      for (std::size_t slot = 0; slot < slots; ++slot) {
        const exact expected = x[lane][slot] * static_cast<long double>(radix);
        ASSERT_LT(std::abs(get(work, slot, lane) - expected), 60 * epsilon) << slot;
      }
    }
  }
};

using every_kind = testing::Types<kind<double, simd::baseline>, kind<float, simd::baseline>,
                                  kind<double, emulated::fused<64>>, kind<float, emulated::fused<64>>>;
TYPED_TEST_SUITE(fft_passes, every_kind);

TYPED_TEST(fft_passes, butterflies_are_the_definition) {
  TestFixture::template expect_dft<4, direction::forward>();
  TestFixture::template expect_dft<4, direction::inverse>();
  TestFixture::template expect_dft<8, direction::forward>();
  TestFixture::template expect_dft<8, direction::inverse>();
  TestFixture::template expect_dft<16, direction::forward>();
  TestFixture::template expect_dft<16, direction::inverse>();
}

TYPED_TEST(fft_passes, transposition_swaps_rows_and_lanes) {
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

TYPED_TEST(fft_passes, slot_passes_decimate_in_frequency_and_back) {
  TestFixture::template expect_slot_pass<4>(32, 128);
  TestFixture::template expect_slot_pass<4>(256, 256);
  TestFixture::template expect_slot_pass<8>(64, 128);
  TestFixture::template expect_slot_pass<8>(512, 512);
}

}  // namespace
}  // namespace weir::fir
